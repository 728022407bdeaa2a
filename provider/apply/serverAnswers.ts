/** Parts of a server's own answers that a rollout looks at; names are the server's. */
export interface Varz {
  readonly server_id: string;
  readonly server_name: string;
  readonly version: string;
  readonly start: string;
  readonly config_load_time: string;
  readonly config_digest?: string;
  readonly tls_cert_not_after?: string;
  readonly cluster?: { readonly tls_required?: boolean; readonly tls_cert_not_after?: string };
}

export interface Healthz {
  readonly status: string;
  readonly status_code?: number;
  readonly error?: string;
  readonly errors?: readonly { readonly type: string; readonly error: string }[];
}

export interface Routez {
  readonly routes?: readonly { readonly remote_name: string }[];
}

export interface Gatewayz {
  /** By the name of the cluster that the server has a connection to. */
  readonly outbound_gateways?: Readonly<Record<string, object>>;
}

export interface Leafz {
  /** `is_spoke`: this server dialled. */
  readonly leafs?: readonly { readonly id?: number; readonly is_spoke?: boolean; readonly account?: string }[];
}

export interface Jsz {
  readonly disabled?: boolean;
  readonly meta_cluster?: {
    readonly name: string;
    readonly leader?: string;
    readonly cluster_size: number;
    readonly replicas?: readonly Replica[];
  };
  readonly account_details?: readonly {
    readonly id?: string;
    readonly name: string;
    readonly stream_detail?: readonly StreamDetail[];
  }[];
}

export interface StreamDetail {
  readonly name: string;
  readonly state?: { readonly messages?: number };
  readonly config?: { readonly num_replicas?: number; readonly metadata?: Readonly<Record<string, string>> };
  readonly cluster?: { readonly leader?: string; readonly replicas?: readonly Replica[] };
  readonly consumer_detail?: readonly {
    readonly name: string;
    readonly config?: { readonly metadata?: Readonly<Record<string, string>> };
  }[];
}

export interface Replica {
  readonly name: string;
  readonly current: boolean;
  readonly offline?: boolean;
  readonly lag?: number;
}
