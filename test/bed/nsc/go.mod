module pulumi-nats.invalid/test/nsc

go 1.24

require github.com/nats-io/nsc/v2 v2.8.6
