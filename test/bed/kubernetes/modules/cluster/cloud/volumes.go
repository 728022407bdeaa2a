package main

import (
	"os"
	"path/filepath"

	core "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

const provisioner = "bed/folders"

// volumes makes a volume for each claim on a storage class of ours, lets it grow with its claim, and removes it after it.
func volumes(client kubernetes.Interface, folder string) error {
	list, err := client.StorageV1().StorageClasses().List(background, everything)
	if err != nil {
		return err
	}
	classes := map[string]storage.StorageClass{}
	for _, class := range list.Items {
		if class.Provisioner == provisioner {
			classes[class.Name] = class
		}
	}
	claims, err := client.CoreV1().PersistentVolumeClaims("").List(background, everything)
	if err != nil {
		return err
	}
	for _, claim := range claims.Items {
		if claim.Spec.StorageClassName == nil {
			continue
		}
		class, ours := classes[*claim.Spec.StorageClassName]
		if !ours {
			continue
		}
		if claim.Status.Phase == core.ClaimBound {
			report(grow(client, claim))
		} else if claim.Spec.VolumeName == "" && claim.DeletionTimestamp == nil {
			report(provide(client, folder, class, claim))
		}
	}
	return remove(client, folder)
}

func provide(client kubernetes.Interface, folder string, class storage.StorageClass, claim core.PersistentVolumeClaim) error {
	name := "pvc-" + string(claim.UID)
	place := filepath.Join(folder, name)
	if _, err := client.CoreV1().PersistentVolumes().Get(background, name, meta.GetOptions{}); err == nil {
		return nil
	}
	if err := os.MkdirAll(place, 0o755); err != nil {
		return err
	}
	volume := core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: name, Annotations: map[string]string{"pv.kubernetes.io/provisioned-by": provisioner}},
		Spec: core.PersistentVolumeSpec{
			Capacity:    core.ResourceList{core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage]},
			AccessModes: claim.Spec.AccessModes,
			ClaimRef: &core.ObjectReference{
				Kind: "PersistentVolumeClaim", APIVersion: "v1", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			PersistentVolumeReclaimPolicy: *class.ReclaimPolicy,
			StorageClassName:              class.Name,
			PersistentVolumeSource:        core.PersistentVolumeSource{Local: &core.LocalVolumeSource{Path: place}},
			NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: []core.NodeSelectorTerm{{
				MatchExpressions: []core.NodeSelectorRequirement{{
					Key: core.LabelHostname, Operator: core.NodeSelectorOpExists,
				}},
			}}}},
		},
	}
	_, err := client.CoreV1().PersistentVolumes().Create(background, &volume, meta.CreateOptions{})
	return err
}

func grow(client kubernetes.Interface, claim core.PersistentVolumeClaim) error {
	wanted := claim.Spec.Resources.Requests[core.ResourceStorage]
	if has := claim.Status.Capacity[core.ResourceStorage]; wanted.Cmp(has) <= 0 {
		return nil
	}
	volume, err := client.CoreV1().PersistentVolumes().Get(background, claim.Spec.VolumeName, meta.GetOptions{})
	if err != nil {
		return err
	}
	volume.Spec.Capacity[core.ResourceStorage] = wanted
	if _, err := client.CoreV1().PersistentVolumes().Update(background, volume, meta.UpdateOptions{}); err != nil {
		return err
	}
	claim.Status.Capacity[core.ResourceStorage] = wanted
	_, err = client.CoreV1().PersistentVolumeClaims(claim.Namespace).UpdateStatus(background, &claim, meta.UpdateOptions{})
	return err
}

func remove(client kubernetes.Interface, folder string) error {
	list, err := client.CoreV1().PersistentVolumes().List(background, everything)
	if err != nil {
		return err
	}
	for _, volume := range list.Items {
		released := volume.Status.Phase == core.VolumeReleased &&
			volume.Spec.PersistentVolumeReclaimPolicy == core.PersistentVolumeReclaimDelete
		if volume.Annotations["pv.kubernetes.io/provisioned-by"] != provisioner || !released {
			continue
		}
		if err := os.RemoveAll(filepath.Join(folder, volume.Name)); err != nil {
			return err
		}
		if err := client.CoreV1().PersistentVolumes().Delete(background, volume.Name, meta.DeleteOptions{}); err != nil {
			return err
		}
	}
	return nil
}
