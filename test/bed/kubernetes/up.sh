#!/bin/bash
# up.sh WORK BIN IMAGES : starts a Kubernetes cluster of one node, this machine, and waits until it runs pods.
# WORK is for state, logs and WORK/kubeconfig; BIN holds the built programs, IMAGES the archives of container images.
set -euo pipefail
work=$1 bin=$2 images=$3
run=$work/run log=$work/log pki=$work/pki
pods=10.244.0.0/24 address=10.244.0.1 services=10.96.0.0/24 balancers=10.97.0.0/24
mkdir -p "$run/cni" "$log" "$pki" "$work/volumes"

start() { # start NAME COMMAND... : in a session of its own, its process in $run/NAME.pid
  local name=$1
  shift
  setsid "$@" >"$log/$name.log" 2>&1 </dev/null &
  echo $! >"$run/$name.pid"
}
until_ok() { # until_ok SECONDS COMMAND...
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >"$log/last-wait.log" 2>&1; do
    [ $SECONDS -lt $deadline ] || { echo "timed out: $*: $(cat "$log/last-wait.log")" >&2; return 1; }
    sleep 0.1
  done
}
kubectl() { "$bin/kube" kubectl --kubeconfig "$work/kubeconfig" "$@"; }
ctr() { command ctr --address "$run/containerd.sock" -n k8s.io "$@"; }

certificates() {
  cd "$pki"
  key() { openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
  key ca.key
  openssl req -x509 -new -key ca.key -days 30 -subj /CN=bed -out ca.crt
  issue() { # issue NAME SUBJECT NAMES
    key "$1.key"
    openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
      -extfile <(printf 'extendedKeyUsage=clientAuth,serverAuth\n%s\n' "${3:+subjectAltName=$3}")
  }
  issue apiserver /CN=kube-apiserver "IP:$address,IP:${services%.0/*}.1,DNS:kubernetes,DNS:kubernetes.default.svc"
  issue admin /O=system:masters/CN=admin ""
  key sa.key
  openssl pkey -in sa.key -pubout -out sa.pub
}
(umask 077 && certificates) >"$log/certificates.log" 2>&1
(umask 077 && cat >"$work/kubeconfig") <<YAML
apiVersion: v1
kind: Config
current-context: bed
clusters: [{name: bed, cluster: {server: "https://$address:6443", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}}]
users: [{name: admin, user: {client-certificate-data: $(base64 -w0 "$pki/admin.crt"), client-key-data: $(base64 -w0 "$pki/admin.key")}}]
contexts: [{name: bed, context: {cluster: bed, user: admin}}]
YAML

# The API needs an address that pods reach too, so the pods' bridge is there first.
ip link show cni0 >/dev/null 2>&1 || ip link add cni0 type bridge
ip addr replace "$address/24" dev cni0
# A bridge without an address of its own takes its lowest port's, another one as pods come and go: pods would talk to the old for seconds.
ip link set cni0 address 0a:58:0a:f4:00:01 up
ip route replace "$balancers" dev cni0
sysctl -qw net.ipv4.ip_forward=1

start etcd "$bin/kube" etcd --data-dir "$work/etcd" --unsafe-no-fsync --log-level warn \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
  --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster default=http://127.0.0.1:2380
start kube-apiserver "$bin/kube" kube-apiserver --etcd-servers http://127.0.0.1:2379 --bind-address "$address" \
  --advertise-address "$address" --secure-port 6443 --service-cluster-ip-range "$services" --authorization-mode Node,RBAC \
  --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" --client-ca-file "$pki/ca.crt" \
  --kubelet-preferred-address-types InternalIP --kubelet-client-certificate "$pki/admin.crt" --kubelet-client-key "$pki/admin.key" \
  --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$pki/sa.pub" --service-account-signing-key-file "$pki/sa.key"

cat >"$run/cni/10-bridge.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "bed", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$run/ipam", "ranges": [[{"subnet": "$pods", "gateway": "$address"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}
]}
JSON
# restrict_oom_score_adj: root in a container may not lower its own. netns_mounts_under_state_dir: "ip netns add" of others hides /run/netns.
cat >"$run/containerd.toml" <<TOML
version = 2
root = "$work/containerd"
state = "$run/containerd"
[grpc]
  address = "$run/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$run/cni"
TOML
start containerd containerd --config "$run/containerd.toml"
until_ok 30 ctr version
for archive in "$images"/*.tar; do
  grep -qxF "$archive" "$work/containerd/imported" 2>/dev/null && continue
  ctr images import "$archive" >"$log/images.log" 2>&1
  echo "$archive" >>"$work/containerd/imported"
done

until_ok 120 kubectl get --raw /readyz
start kube-controller-manager "$bin/kube" kube-controller-manager --kubeconfig "$work/kubeconfig" --bind-address 127.0.0.1 \
  --leader-elect=false --use-service-account-credentials --service-account-private-key-file "$pki/sa.key" --root-ca-file "$pki/ca.crt" \
  --allocate-node-cidrs --cluster-cidr "$pods" --node-cidr-mask-size 24 --node-monitor-grace-period 1h
start kube-scheduler "$bin/kube" kube-scheduler --kubeconfig "$work/kubeconfig" --bind-address 127.0.0.1 --leader-elect=false
start cloud "$bin/cloud" --kubeconfig "$work/kubeconfig" --prefix "${balancers%0/*}" --volumes "$work/volumes"

printf 'nameserver %s\n' "$address" >"$run/resolv.conf"
# Without a cache, as kubeadm has it for these names: a server that starts before the name of its peer would not find it for five seconds.
cat >"$run/Corefile" <<COREFILE
cluster.local in-addr.arpa {
  bind $address
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig $work/kubeconfig
    ttl 5
  }
}
. {
  bind $address
  template ANY ANY {
    rcode NXDOMAIN
  }
}
COREFILE
start coredns "$bin/coredns" -conf "$run/Corefile"

cat >"$run/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $address
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: $pki/ca.crt}}
authorization: {mode: AlwaysAllow}
containerRuntimeEndpoint: unix://$run/containerd.sock
cgroupDriver: cgroupfs
failCgroupV1: false
clusterDomain: cluster.local
clusterDNS: [$address]
resolvConf: $run/resolv.conf
podLogsDir: $work/podlogs
healthzBindAddress: 127.0.0.1
failSwapOn: false
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 50Mi}
syncFrequency: 10s
volumeStatsAggPeriod: 1m
YAML
start kubelet "$bin/kube" kubelet --config "$run/kubelet.yaml" --kubeconfig "$work/kubeconfig" --root-dir "$work/kubelet" \
  --cert-dir "$pki/kubelet" --hostname-override node --node-ip "$address"
start kube-proxy "$bin/kube" kube-proxy --kubeconfig "$work/kubeconfig" --hostname-override node --proxy-mode nftables \
  --cluster-cidr "$pods" --conntrack-max-per-core 0 --healthz-bind-address 127.0.0.1:10256 --metrics-bind-address 127.0.0.1:10249
# As clouds have it, claims wait for their pod. The other way round, a pod that is looked at between its claim and the claim's volume
# may stay unscheduled for five minutes: the scheduler's own idea of claims is behind the event that tells of the volume.
kubectl apply -f - >/dev/null <<YAML
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: folders, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: bed/folders
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
allowVolumeExpansion: true
YAML
until_ok 60 kubectl get serviceaccount default
until_ok 90 kubectl wait --for=condition=Ready node/node --timeout=1s
