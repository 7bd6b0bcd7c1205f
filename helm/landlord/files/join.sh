#!/bin/sh
# The step before an agent starts in Kubernetes. It leaves two things in $JOIN_DIR for the agent:
#   settings/landlord.agent.node   the name under which this host is known to the control plane
#   token                          a join token for it; absent if the host has joined before
# The token comes from $SECRET_DIR: NODE.join-token if an operator has put one there, else the control plane is asked for
# one with joiner.token. Fails with one line when there is neither; the kubelet tries again.
set -eu

# Kubernetes' names may have dots and 253 characters, ours neither dots nor more than 40.
name=${NODE_NAME%%.*}
if [ "${#name}" -gt 40 ]; then
    digest=$(printf %s "$NODE_NAME" | sha256sum)
    name=$(printf %.31s "$name")-$(printf %.8s "$digest")
fi
mkdir -p "$JOIN_DIR/settings"
printf '%s\n' "$name" >"$JOIN_DIR/settings/landlord.agent.node"
# A restarted step begins anew.
rm -f "$JOIN_DIR/token"

# Written last by an agent that joins, and read first by one that starts.
if [ -s "$STATE_DIR/credentials.json" ]; then
    echo "node $name has joined before"
    exit 0
fi
umask 077
if [ -s "$SECRET_DIR/$NODE_NAME.join-token" ]; then
    cat "$SECRET_DIR/$NODE_NAME.join-token" >"$JOIN_DIR/token"
    echo "node $name joins with the token that was made for it"
    exit 0
fi
if [ ! -s "$SECRET_DIR/joiner.token" ] || [ ! -s "$SECRET_DIR/ca.crt" ]; then
    echo "node $name cannot join: the secret has neither $NODE_NAME.join-token nor joiner.token and ca.crt" >&2
    exit 1
fi
LANDLORD_TOKEN_FILE=$SECRET_DIR/joiner.token LANDLORD_CA_FILE=$SECRET_DIR/ca.crt \
    "$LANDLORD_BIN/landlord" node join-token "$name" --save-token "$JOIN_DIR/token"
