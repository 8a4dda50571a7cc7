#!/bin/sh
# Java 17 and a Chinese font where they are missing: by the system's packages on Debian and Ubuntu with the rights to do so,
# elsewhere by one clear line that says what to install.
set -eu

has_java() {
    java=java
    [ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java
    # Spark does not start without this module; its presence also tells a full runtime from a cut-down one.
    "$java" --list-modules 2>/dev/null | grep -q '^jdk.incubator.vector@\(1[7-9]\|[2-9][0-9]\)'
}

has_font() {
    command -v fc-list >/dev/null 2>&1 && fc-list :lang=zh | grep -q .
}

packages=
has_java || packages="$packages openjdk-17-jre-headless"
has_font || packages="$packages fontconfig fonts-noto-cjk"
[ -n "$packages" ] || exit 0

as_root=
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # the words are package names
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null || {
        # A newer system carries a newer Java only.
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            $(echo "$packages" | sed 's/openjdk-17-jre-headless/default-jre-headless/') >/dev/null
    }
fi
has_java || {
    echo "Java 17 or later is missing: install OpenJDK 17 (Debian, Ubuntu: apt-get install openjdk-17-jre-headless) or set JAVA_HOME" >&2
    exit 1
}
has_font || echo "A Chinese font is missing: install Noto Sans CJK (Debian, Ubuntu: apt-get install fonts-noto-cjk)" >&2
