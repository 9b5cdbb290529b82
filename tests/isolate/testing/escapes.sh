# Runs where a plugin's process would, and tries without Deno's permissions what the kernel alone must refuse.
# Arguments: the data directory, the process id of a root process, the host that may be granted.
data=$1 neighbour=$2 host=$3
attempt() {
  name=$1
  shift
  if "$@" > /dev/null 2>&1; then echo "DONE $name"; else echo "refused $name"; fi
}
connect() { timeout 5 bash -c "exec 3<> /dev/tcp/$1/$2"; }

echo "user $(id --user)"
echo "capabilities $(sed -n 's/^CapEff:\t//p' /proc/self/status)"
echo "plugins $(ls /run/latchkey-plugin/plugins | paste -sd ,)"
echo "inside $(ls /run/latchkey-plugin | paste -sd ,)"
echo "interfaces $(sed -n 's/^ *\([a-z0-9]*\):.*/\1/p' /proc/net/dev | paste -sd ,)"
echo "variables $(env | grep -Ev '^(PWD|SHLVL|_|DENO_DIR|NO_COLOR)=' | paste -sd ,)"
# One of them may end while it is looked at.
echo "strangers $(cat /proc/[0-9]*/status 2> /dev/null | sed -n 's/^Uid:\t\([0-9]*\)\t.*/\1/p' | grep -vcx "$(id --user)")"
attempt "list the data directory" ls "$data"
attempt "read the database" cat "$data/access.db"
attempt "read the keys" cat "$data/keys/log.key"
attempt "read another plugin" cat "$data/plugins/other/secret.json"
attempt "list the superuser's home" ls /root
attempt "read another's environment" cat "/proc/$neighbour/environ"
attempt "signal another" kill -0 "$neighbour"
attempt "write into its folder" touch new.ts
attempt "change its own code" sh -c 'echo >> mod.ts'
attempt "write beside its folder" touch /run/latchkey-plugin/new
attempt "write to the machine's settings" touch /etc/latchkey-new
attempt "write to /var" touch /var/lib/latchkey-new
attempt "change the kernel" sh -c 'echo 1 > /proc/sys/kernel/panic'
attempt "leave its group" sh -c 'for file in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do echo $$ > $file && exit 0; done; exit 1'
attempt "make namespaces" unshare --user true
attempt "mount" mount -t tmpfs none /tmp
attempt "become another user" setpriv --reuid=0 true
attempt "make a program that runs as another" sh -c 'cp /bin/true /tmp/true && chmod 4755 /tmp/true'
attempt "read the kernel's messages" timeout 5 dd if=/dev/kmsg bs=8192 count=1
attempt "have systemd start a unit" systemd-run true
attempt "have systemd stop another" systemctl stop another.service
attempt "reach the host" connect "$host" 80
