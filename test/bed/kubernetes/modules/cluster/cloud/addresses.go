package main

import (
	"fmt"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// addresses gives each Service of type LoadBalancer one. kube-proxy then lets it lead to the Service; all that is needed besides is
// a route to the node.
func addresses(client kubernetes.Interface, prefix string, delay time.Duration) error {
	list, err := client.CoreV1().Services("").List(background, everything)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	waiting := []core.Service{}
	for _, service := range list.Items {
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			taken[ingress.IP] = true
		}
		wants := service.Spec.Type == core.ServiceTypeLoadBalancer && len(service.Status.LoadBalancer.Ingress) == 0
		if wants && time.Since(service.CreationTimestamp.Time) > delay {
			waiting = append(waiting, service)
		}
	}
	for _, service := range waiting {
		address, err := free(prefix, taken)
		if err != nil {
			return err
		}
		service.Status.LoadBalancer.Ingress = []core.LoadBalancerIngress{{IP: address}}
		services := client.CoreV1().Services(service.Namespace)
		if _, err := services.UpdateStatus(background, &service, meta.UpdateOptions{}); err != nil {
			return err
		}
		taken[address] = true
	}
	return nil
}

func free(prefix string, taken map[string]bool) (string, error) {
	for last := 1; last < 255; last++ {
		if address := fmt.Sprint(prefix, last); !taken[address] {
			return address, nil
		}
	}
	return "", fmt.Errorf("all of %s1 to %s254 are taken", prefix, prefix)
}
