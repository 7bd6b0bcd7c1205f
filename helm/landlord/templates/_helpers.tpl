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
{{- $repository := required "image.repository must name an image with the distribution; README.md says how to build it" .Values.image.repository -}}
{{- if .Values.image.digest }}{{ $repository }}@{{ .Values.image.digest }}{{ else }}{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "landlord.claim" -}}
{{- .Values.controlPlane.persistence.existingClaim | default (printf "%s-state" (include "landlord.fullname" .)) }}
{{- end }}

{{- /* The names under which the services are reached. The first is the one that service discovery tells Prometheus. */}}
{{- define "landlord.serviceNames" -}}
{{- $name := include "landlord.fullname" . -}}
{{- $names := list -}}
{{- range $service := list (printf "%s-management" $name) $name (printf "%s-node" $name) -}}
{{- $names = concat $names (list (printf "%s.%s.svc" $service $.Release.Namespace) (printf "%s.%s" $service $.Release.Namespace) $service) -}}
{{- end -}}
{{- join "," (concat $names (list "localhost" "127.0.0.1") .Values.controlPlane.advertisedNames) }}
{{- end }}

{{- /*
Further settings as options: .settings, .prefix of the options, .own (what the chart sets itself, a regular expression),
.value (where in the values they are).
*/}}
{{- define "landlord.settings" -}}
{{- range $setting, $value := .settings }}
{{- if regexMatch $.own $setting }}{{ fail (printf "%s.%s: the chart sets this itself" $.value $setting) }}{{ end }}
- {{ printf "--%s.%s=%s" $.prefix $setting (kindIs "string" $value | ternary $value (toJson $value)) | quote }}
{{- end }}
{{- end }}

{{- /* Whether to make an object of .kind of the Prometheus operator: .create is auto, always or never. */}}
{{- define "landlord.monitoring" -}}
{{- if or (eq .create "always") (and (eq .create "auto") (.root.Capabilities.APIVersions.Has (printf "monitoring.coreos.com/v1/%s" .kind))) }}true{{ end }}
{{- end }}
