#!/usr/bin/env bash
# Installs crmkit, in the locked versions, into The Littlest JupyterHub's user environment.
# Usage: sudo bash install_crmkit.sh https://HOST/OWNER/REPOSITORY
set -euo pipefail
repository=${1:?name the address of your copy of the repository}
target=/opt/crmkit
pip=/opt/tljh/user/bin/pip

if [[ -d $target/.git ]]; then
    git -C "$target" pull --ff-only
else
    git clone --depth 1 "$repository" "$target"
fi
"$pip" install --require-hashes -r "$target/requirements.lock"
"$pip" install --no-deps -e "$target"
"$pip" install nbgitpuller
/opt/tljh/user/bin/crmkit doctor
