/** Programs by what they need of their user, as data. Source: their manual pages and their packages' start scripts. */

/** Programs that start another one as a user of their own. A start command or script that calls one drops root itself. */
export const droppers: ReadonlySet<string> = new Set([
  ...[
    "gosu",
    "su-exec",
    "setpriv",
    "runuser",
    "chpst",
    "setuidgid",
    "s6-setuidgid",
    "s6-applyuidgid",
    "start-stop-daemon",
  ],
]);

/** Names of droppers that nobody installs for another purpose than to call them when the container starts. */
export const dropperNames = /(?:^|[^\w.-])(?:gosu|su-exec|s6-setuidgid|s6-applyuidgid|chpst|s6-overlay)(?![\w-])/;

/** Programs that have to start as root: init systems, schedulers for many users, tunnels, filters, captures, mounts. */
export const rootPrograms: ReadonlySet<string> = new Set([
  // Init systems and supervisors: what they start decides, and they set its user.
  ...[
    "init",
    "systemd",
    "runit",
    "runsvdir",
    "runsvdir-start",
    "s6-svscan",
    "supervisord",
    "my_init",
    "monit",
    "openrc-init",
  ],
  // Logins, schedules, mail, time, logs, names.
  ...["sshd", "dropbear", "cron", "crond", "anacron", "atd", "xinetd", "inetd", "in.tftpd", "tftpd", "telnetd"],
  ...[
    "postfix",
    "exim",
    "exim4",
    "dovecot",
    "sendmail",
    "nullmailer-send",
    "ntpd",
    "chronyd",
    "rsyslogd",
    "syslogd",
    "syslog-ng",
  ],
  // Container runtimes.
  ...[
    "dockerd",
    "dockerd-entrypoint.sh",
    "dind",
    "wrapdocker",
    "containerd",
    "buildkitd",
    "buildkitd-entrypoint.sh",
    "executor",
    "cadvisor",
  ],
  ...["libvirtd", "lxcfs", "falco", "swarm", "docker", "docker-compose", "watchtower"],
  // Tunnels.
  ...[
    "openvpn",
    "ipsec",
    "charon",
    "charon-systemd",
    "starter",
    "swanctl",
    "xl2tpd",
    "pptpd",
    "pppd",
    "pptp",
    "openconnect",
  ],
  ...[
    "ocserv",
    "vpnc",
    "wg",
    "wg-quick",
    "wireguard-go",
    "tincd",
    "tinc",
    "edge",
    "supernode",
    "iodined",
    "iodine",
    "fastd",
  ],
  ...["zerotier-one", "tailscaled", "vpnserver", "vpnclient", "vpnbridge", "hans", "dsvpn", "shadowvpn", "redsocks"],
  // Packets, addresses, devices.
  ...[
    "iptables",
    "ip6tables",
    "iptables-restore",
    "nft",
    "ferm",
    "keepalived",
    "dhcpd",
    "dhclient",
    "udhcpd",
    "udhcpc",
  ],
  ...[
    "dhcrelay",
    "radvd",
    "bird",
    "bird6",
    "tcpdump",
    "tshark",
    "dumpcap",
    "snort",
    "suricata",
    "zeek",
    "bro",
    "kismet",
  ],
  ...[
    "airodump-ng",
    "aircrack-ng",
    "airmon-ng",
    "ettercap",
    "dsniff",
    "arpspoof",
    "netsniff-ng",
    "ntopng",
    "nmap",
    "masscan",
  ],
  ...["softflowd", "iftop", "ipfm", "vnstatd", "passivedns", "fail2ban-server", "udevd", "bluetoothd", "dbus-daemon"],
  ...["avahi-daemon", "hostapd", "wpa_supplicant", "auditd", "iotop", "htop", "lshw", "smartctl", "smartd"],
  // File servers and mounts.
  ...[
    "rpc.nfsd",
    "rpc.mountd",
    "exportfs",
    "nfsd",
    "ganesha.nfsd",
    "smbd",
    "nmbd",
    "samba",
    "vsftpd",
    "pure-ftpd",
    "proftpd",
  ],
  // What manages a whole system.
  ...["salt-master", "salt-minion", "puppet", "chef-client", "pihole-FTL"],
  ...["debootstrap", "gparted", "parted", "losetup"],
  ...["mount", "mount.nfs", "s3fs", "sshfs", "automount", "rclone-mount"],
]);

/** Servers that are started as root, open what only root may, and hand the work to a user that their settings name. */
export const selfDroppingServers: ReadonlySet<string> = new Set([
  ...[
    "squid",
    "mosquitto",
    "unbound",
    "named",
    "memcached",
    "varnishd",
    "privoxy",
    "tinyproxy",
    "radiusd",
    "freeradius",
  ],
  // Its start script hands over to the account rabbitmq, and refuses everybody but that one and root.
  "rabbitmq-server",
  ...[
    "slapd",
    "uwsgi",
    "icecast",
    "mysqld",
    "mysqld_safe",
    "mariadbd",
    "dnsmasq",
    "murmurd",
    "mpd",
    "minidlnad",
    "haproxy",
    "polipo",
    "tor",
  ],
]);

/**
 * Web servers whose main process starts as root while their workers run as a user of their own. They can run without
 * root, but only with other ports and folders than those of their packages.
 */
export const webServers: ReadonlySet<string> = new Set([
  ...["nginx", "openresty", "angie", "tengine", "apache2", "apache2ctl", "apachectl", "apache2-foreground", "httpd"],
  ...["httpd-foreground", "lighttpd", "h2o", "php-fpm", "php-fpm7", "php-fpm8"],
]);

/** Packages whose presence says that the container handles packets, tunnels, devices or containers. */
export const privilegedPackages =
  /^(?:iptables|ip6tables|nftables|ferm|bridge-utils|tcpdump|tshark|wireshark.*|hping3|arp-scan|macchanger|ettercap.*|dsniff|snort|suricata|zeek|ntopng|darkstat|vnstat|iftop|libpcap0\.8|fail2ban|openvpn.*|openfortivpn|strongswan.*|wireguard.*|tailscale|zerotier-one|libreswan|xl2tpd|pptpd?|pptpclient|ppp|openconnect|tinc|ocserv|softether.*|docker|docker-ce|docker-engine|docker\.io|containerd|containerd\.io|podman|buildah|systemd|fuse|fuse3|nfs-utils|nfs-kernel-server|cifs-utils|samba|openssh|openssh-server|cron|dcron|cronie|supervisor|rsyslog|postfix|exim4|dovecot.*|vsftpd|proftpd.*|pure-ftpd|isc-dhcp.*|aircrack-ng|kismet|dnsmasq|keepalived|hostapd|bluez)$/;

/**
 * Packages of servers that come with an account of their own, and hand over to it or refuse to run as root: a script that
 * starts one sees to that. Names of Debian, Red Hat and Alpine. Source: the start scripts of the packages.
 */
export const selfDroppingPackages =
  /^(?:rabbitmq-server|postgresql(?:-\d+)?|postgresql\d*-server|(?:mysql|mariadb)(?:-community)?-server(?:-[\d.]+)?|MariaDB-server|percona-server-server.*)$/;

/** Packages of web servers whose main process starts as root. */
export const webServerPackages = /^(?:nginx(?:-(?:full|light|extras|core|mainline))?|apache2|httpd(?:24)?|lighttpd)$/;

/** Long flags by which a server is told to drop to a user when it runs. */
export const userFlags: readonly string[] = ["--user", "--uid", "--setuid", "--chuid", "--User"];

/** Accounts that packages and servers use by their own settings; to make one says nothing of who is to run. */
export const serviceAccounts: ReadonlySet<string> = new Set([
  ...["www-data", "apache", "nginx", "mysql", "postgres", "sshd", "ftp", "postfix", "named", "squid", "haproxy", "git"],
]);

/** Images whose own start needs root: daemons and builders of containers, and systemd. By repository. */
export const rootImages = /^docker$|(?:^|\/)(?:kaniko-project\/\w+|buildkit|ubi\d*-init|ubi-init|systemd)$/;

/**
 * Servers whose settings only root and the account of their own package may read, with that account. Source: the
 * maintainer scripts of Debian's packages redis-server and redis-sentinel, which Ubuntu takes over.
 */
export const packagedServers: readonly {
  readonly program: RegExp;
  readonly package: RegExp;
  readonly account: string;
}[] = [{ program: /^redis-(?:server|sentinel)$/, package: /^redis(?:-server|-sentinel)?$/, account: "redis" }];
