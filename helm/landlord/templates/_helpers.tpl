{{- define "landlord.fullname" -}}
{{- if contains "landlord" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-landlord" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "landlord.selectorLabels" -}}
app.kubernetes.io/name: landlord
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "landlord.labels" -}}
{{ include "landlord.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: landlord
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "landlord.image" -}}
{{- $repository := required "image.repository must name an image with the distribution" .Values.image.repository -}}
{{- if .Values.image.digest }}{{ $repository }}@{{ .Values.image.digest }}{{ else }}{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "landlord.claim" -}}
{{- .Values.controlPlane.persistence.existingClaim | default (printf "%s-state" (include "landlord.fullname" .)) }}
{{- end }}
