#!/usr/bin/env bash
# Usage, as root: packaging/prove-fresh.sh [FOLDER] [STEP...]
# Proves the two commands on a fresh machine: builds a minimal Debian 12 with nothing but python3 and make,
# copies the committed tree into it, and runs there `make run` twice, `make test`, and once more its set-up
# (or only the STEPs), with their times. FOLDER (default: a new one, removed at the end) may be kept for a
# second look. Where packages come from is taken from this machine's own apt and pip configuration.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "debootstrap and chroot need root" >&2; exit 2; }
command -v debootstrap >/dev/null || apt-get install -y -q debootstrap

given=${1:-}
shift || true
root=${given:-$(mktemp -d)}
steps=("$@")
[ ${#steps[@]} -gt 0 ] || steps=(run run test setup-test)
home=/home/clerk/onewindow-desk
settings=(HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin)

clean_up() {
    umount "$root/dev/shm" "$root/proc" 2>/dev/null || true
    [ -n "$given" ] || rm -rf --one-file-system "$root"
}
trap clean_up EXIT

# One line of sources.list per Debian source this machine uses.
debian_sources() {
    apt-get indextargets --format 'deb $(REPO_URI) $(CODENAME) main' 'Created-By: Packages' 'Origin: Debian' |
        grep bookworm | sort -u
}

copy_machine_configuration() {
    debian_sources >"$root/etc/apt/sources.list"
    cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
    rm -f "$root"/etc/apt/apt.conf.d/docker-*
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    mkdir -p "$root/root/.config"
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
    [ ! -d "$HOME/.config/pip" ] || cp -r "$HOME/.config/pip" "$root/root/.config/"
    while IFS= read -r line; do settings+=("$line"); done < <(env | grep -iE '^(PIP_|[a-z]+_proxy=)' || true)
    # Certificate authorities of this machine's own network, where the set-up does not replace them.
    if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
        cp /etc/ssl/certs/ca-certificates.crt "$root/etc/machine-ca.crt"
        settings+=(PIP_CERT=/etc/machine-ca.crt)
    fi
}

copy_tree() {
    mkdir -p "$root$home"
    git archive HEAD | tar -x -C "$root$home"
}

in_root() { env -i "${settings[@]}" chroot "$root" "$@"; }

if [ ! -x "$root/usr/bin/make" ]; then
    mirror=$(debian_sources | awk '$3 == "bookworm" {print $2; exit}')
    debootstrap --variant=minbase --include=python3,make bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
        { tail -20 "$root.log" >&2; exit 1; }
    rm -f "$root.log"
fi
copy_machine_configuration
copy_tree
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
in_root sh -c 'dpkg-query -W | wc -l; python3 --version' | xargs echo "fresh root: packages, python3:"
for step in "${steps[@]}"; do
    began=$(date +%s.%N)
    status=0
    in_root make -C "$home" --no-print-directory "$step" </dev/null || status=$?
    printf '== make %s: %.1f s, exit %d\n' "$step" "$(echo "$(date +%s.%N) - $began" | bc)" "$status"
    [ "$status" = 0 ] || exit "$status"
done
