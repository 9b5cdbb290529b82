/** The host that a plugin may be granted: of the internet for all that Deno and the kernel know. */
export const GRANTED_ADDRESS = "198.51.100.7";
export const GRANTED_NAME = "weather.example";

/**
 * Moves itself into a group of its own in each hierarchy, so that the systemd to come sees, and sets limits in, nothing
 * else, then into namespaces of its own. Arguments: the machine's directory, the group's name, what is seen of /tmp.
 */
export const START = `
set -eu
grep -E ' cgroup2? ' /proc/self/mounts | while read -r _ mount type _; do
  mkdir "$mount/$2"
  for file in cpuset.cpus cpuset.mems; do
    if [ "$type" = cgroup ] && [ -e "$mount/$file" ]; then cat "$mount/$file" > "$mount/$2/$file"; fi
  done
  echo $$ > "$mount/$2/cgroup.procs"
done
exec unshare --mount --pid --fork --uts --ipc --net --cgroup --mount-proc --kill-child sh "$1/init" "$@"
`;

/** The first process there: nothing of the machine's files can be written but its directory and what is gone with it. */
export const INIT = `
set -eu
echo init
dir=$1
shift 2
mount --make-rprivate /
mount -t tmpfs none /mnt
mkdir /mnt/tmp
mount --rbind /tmp /mnt/tmp
grep -E ' cgroup2? ' /proc/self/mounts > /mnt/groups
umount -R /sys/fs/cgroup
mount -t tmpfs -o mode=755 none /sys/fs/cgroup
while read -r _ mount type options _; do
  mkdir -p "$mount"
  case $type in
    cgroup) options=$(echo "$options" | tr , '\\n' | grep -Ev '^(rw|ro|nosuid|nodev|noexec|.*atime)$' | paste -sd ,) ;;
    *) options=rw ;;
  esac
  mount -t "$type" -o "$options" none "$mount"
done < /mnt/groups
mount -t tmpfs -o mode=755 none /run
mkdir /run/lock
mount -t tmpfs -o mode=1777 none /dev/shm
mount -t tmpfs -o mode=1777 none /var/tmp
mount -t tmpfs -o mode=1777 none /tmp
for path in "$dir" "$@"; do
  case $path in /tmp/*)
    mkdir -p "$path"
    mount --bind "/mnt$path" "$path"
  esac
done
umount -l /mnt/tmp
umount /mnt
mount --bind "$dir" "$dir"
mount --bind "$dir/hosts" /etc/hosts
mount -o remount,bind,ro /
mount -o remount,bind,ro /dev
mount -o remount,bind,ro /sys
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
ip link set lo up
ip address add ${GRANTED_ADDRESS}/32 dev lo
export container=latchkey SYSTEMD_UNIT_PATH="$dir/units" SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=notice
exec /lib/systemd/systemd --system --unit=machine.target --show-status=0
`;

const ALONE = "[Unit]\nDefaultDependencies=no\n";

/** All units of the machine: a bus to ask systemd over, and nothing that a Debian would start. */
export const UNITS: Record<string, string> = {
  "sysinit.target": ALONE,
  "basic.target": ALONE,
  "shutdown.target": ALONE,
  "machine.target": `${ALONE}Wants=dbus.socket dbus.service\nAfter=dbus.service\n`,
  "dbus.socket": `${ALONE}[Socket]\nListenStream=/run/dbus/system_bus_socket\n`,
  "dbus.service":
    `${ALONE}Requires=dbus.socket\nAfter=dbus.socket\n[Service]\nType=notify\nNotifyAccess=main\n` +
    "ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation\n",
};
