import { unitName } from "../model/hosts";

/** What the unit of one server says. */
export interface SystemdUnit {
  readonly node: string;
  readonly cluster: string;
  readonly user: string;
  readonly group: string;
  /** Absolute path of nats-server. */
  readonly binary: string;
  /** Folder that holds `current`, which the server runs in. */
  readonly nodeDir: string;
  /** The only folder that the server may write to. */
  readonly dataDir: string;
  /** How long a lame duck may take to send its clients away, in milliseconds. */
  readonly lameDuck: number;
  /** It listens on a port below 1024. */
  readonly privilegedPorts: boolean;
}

/** Beyond the lame duck's own time: closing JetStream's files, and the pause before clients are told. */
const stopMargin = 60_000;

/**
 * One server as a systemd service that starts at boot, is started again whenever it ends by itself, and leaves as a lame duck
 * when it is stopped. It can read its configuration, write JetStream's files, use the network, and nothing else.
 */
export function renderSystemdUnit(unit: SystemdUnit): string {
  const capability = unit.privilegedPorts ? "CAP_NET_BIND_SERVICE" : "";
  const lines = [
    `# Server ${unit.node} of cluster ${unit.cluster}, by pulumi-nats: the next \`pulumi up\` puts back what is changed here by hand.`,
    `# Settings of your own go beside it, by \`systemctl edit ${unitName(unit.node)}\`: they are left alone.`,
    "[Unit]",
    `Description=NATS server ${unit.node}`,
    "Documentation=https://docs.nats.io",
    "Wants=network-online.target",
    "After=network-online.target time-sync.target",
    `RequiresMountsFor=${unit.nodeDir} ${unit.dataDir}`,
    // However often it ends: a server that is down must come back without anyone's help.
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    `User=${unit.user}`,
    `Group=${unit.group}`,
    `WorkingDirectory=${unit.nodeDir}`,
    `ExecStart=${unit.binary} -c ${unit.nodeDir}/current/nats.conf`,
    "ExecReload=/bin/kill -HUP $MAINPID",
    "Restart=always",
    "RestartSec=2",
    // Lame duck: clients move to other servers before this one ends.
    "KillSignal=SIGUSR2",
    "KillMode=mixed",
    `TimeoutStopSec=${Math.ceil((unit.lameDuck + stopMargin) / 1000)}`,
    "LimitNOFILE=800000",
    "UMask=0077",
    "OOMScoreAdjust=-500",
    "",
    "ProtectSystem=strict",
    `ReadWritePaths=${unit.dataDir}`,
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "NoNewPrivileges=yes",
    `CapabilityBoundingSet=${capability}`,
    `AmbientCapabilities=${capability}`,
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "RemoveIPC=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
    "SystemCallErrorNumber=EPERM",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
  return lines.join("\n") + "\n";
}
