#!/bin/bash
# Looks at the manual in a real browser that can reach nothing: manual_screenshots.sh OUT. The pictures stay in OUT.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:?usage: manual_screenshots.sh OUT}
browser=${BROWSER:-chromium}

mkdir -p "$out"
out=$(cd "$out" && pwd)
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
build/bin/twowayc manual mapping/openwebui-pocketbase --out "$out"

look() {
  timeout 120 "$browser" --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$profile" \
    --host-resolver-rules='MAP * ~NOTFOUND' "$@" 2>>"$out/browser.log"
}

# shoot NAME WIDTH,HEIGHT FILE: a picture that is not blank.
shoot() {
  rm -f "$out/$1.png"
  look --window-size="$2" --screenshot="$out/$1.png" "file://$out/$3" >/dev/null
  local bytes
  bytes=$(stat -c %s "$out/$1.png")
  ((bytes > 30000)) || { echo "$out/$1.png has $bytes bytes: is it blank?" >&2; return 1; }
  echo "$out/$1.png"
}

: >"$out/browser.log"
shoot page 1500,9000 manual.html
shoot narrow 480,3000 manual.html
shoot picture 1600,1300 entities.svg
# What the browser made of it: each section is there, and no element was moved to where it may stand.
dom=$(look --dump-dom "file://$out/manual.html")
sections=$(grep -c '<section' <<<"$dom")
written=$(grep -c '<section' "$out/manual.html")
((sections == written)) || { echo "$written sections are written, the browser has $sections" >&2; exit 1; }
