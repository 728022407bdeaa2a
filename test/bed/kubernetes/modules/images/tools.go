//go:build tools

// Package images pins what the bed's container images hold.
package images

import (
	_ "github.com/nats-io/nack/cmd/jetstream-controller"
	_ "github.com/nats-io/nack/cmd/nats-server-config-reloader"
	_ "github.com/nats-io/prometheus-nats-exporter"
)
