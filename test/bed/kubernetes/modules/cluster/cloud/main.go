// Command cloud does what a cloud does for a cluster: a Service of type LoadBalancer has an address some time after it was made,
// and a claim gets a volume: a folder of this machine, as a local volume, so that a pod's fsGroup counts as on a real disk.
package main

import (
	"context"
	"flag"
	"log"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

var (
	background = context.Background()
	everything = meta.ListOptions{}
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of the kubeconfig")
	prefix := flag.String("prefix", "10.97.0.", "first three parts of the addresses for Services")
	delay := flag.Duration("delay", time.Second, "age that a Service reaches before it gets its address")
	folder := flag.String("volumes", "", "folder that holds the volumes")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	for ; ; time.Sleep(200 * time.Millisecond) {
		report(addresses(client, *prefix, *delay))
		report(volumes(client, *folder))
	}
}

func report(err error) {
	if err != nil {
		log.Print(err)
	}
}
