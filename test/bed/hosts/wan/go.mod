module pulumi-nats/test/wan

go 1.22
