// Builds Flux Kustomizations as kustomize-controller does, with the modules that it is made of, without a cluster. Reads
// a job per line of standard input, as JSON, and answers each with a line of JSON. Remote bases aren't fetched.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	securejoin "github.com/cyphar/filepath-securejoin"
	"github.com/fluxcd/pkg/artifact/storage"
	"github.com/fluxcd/pkg/kustomize"
	"github.com/fluxcd/pkg/sourceignore"
	"github.com/fluxcd/pkg/ssa"
	ssautil "github.com/fluxcd/pkg/ssa/utils"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A job makes an artifact of a source, or builds a Kustomization from one.
type job struct {
	// Source is copied to Root as source-controller packs and kustomize-controller unpacks it.
	Source string
	Ignore string
	Root   string
	// Kustomization is built from Root, which is unchanged afterwards.
	Kustomization map[string]any
	Strict        bool
	ConfigMaps    []corev1.ConfigMap
	Secrets       []corev1.Secret
}

type answer struct {
	Objects []map[string]any `json:"objects,omitempty"`
	Error   string           `json:"error,omitempty"`
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if len(line) == 0 || err != nil {
			return
		}
		var result answer
		if result.Objects, err = run(line); err != nil {
			result = answer{Error: err.Error()}
		}
		if err = output.Encode(result); err != nil {
			panic(err)
		}
	}
}

func run(line []byte) ([]map[string]any, error) {
	var next job
	if err := json.Unmarshal(line, &next); err != nil {
		return nil, err
	}
	if next.Source != "" {
		return nil, unpack(next)
	}
	objects, err := build(next)
	var values []map[string]any
	for _, object := range objects {
		values = append(values, object.Object)
	}
	return values, err
}

// An artifact has no links, and none of the files that are ignored.
func unpack(next job) error {
	domain := strings.Split(next.Source, string(filepath.Separator))
	patterns, err := sourceignore.LoadIgnorePatterns(next.Source, domain)
	if err != nil {
		return err
	}
	patterns = append(patterns, sourceignore.ReadPatterns(strings.NewReader(next.Ignore), domain)...)
	isIgnored := storage.SourceIgnoreFilter(patterns, domain)
	return filepath.Walk(next.Source, func(path string, info fs.FileInfo, err error) error {
		if err != nil || !info.Mode().IsRegular() || isIgnored(path, info) {
			return err
		}
		relative, err := filepath.Rel(next.Source, path)
		if err != nil {
			return err
		}
		target := filepath.Join(next.Root, relative)
		if err = os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o644)
	})
}

// The order of the controller's reconcile, build and apply.
func build(next job) (objects []*unstructured.Unstructured, err error) {
	kustomization := unstructured.Unstructured{Object: next.Kustomization}
	path, _, _ := unstructured.NestedString(next.Kustomization, "spec", "path")
	folder, err := securejoin.SecureJoin(next.Root, path)
	if err != nil {
		return nil, err
	}
	if _, err = os.Stat(folder); err != nil {
		return nil, fmt.Errorf("kustomization path not found: %w", err)
	}
	generator := kustomize.NewGenerator(next.Root, kustomization)
	action, err := generator.WriteFile(folder, kustomize.WithSaveOriginalKustomization())
	if err != nil {
		return nil, err
	}
	defer func() {
		if failed := kustomize.CleanDirectory(folder, action); failed != nil {
			panic(failed)
		}
	}()
	built, err := kustomize.SecureBuild(next.Root, folder, false)
	if err != nil {
		return nil, err
	}
	_, substitutes, _ := unstructured.NestedMap(next.Kustomization, "spec", "postBuild")
	strategy, _, _ := unstructured.NestedString(next.Kustomization, "spec", "postBuild", "substituteStrategy")
	for _, object := range built.Resources() {
		if object.GetName() == "" || object.GetKind() == "" || object.GetApiVersion() == "" {
			return nil, fmt.Errorf("apiVersion, kind or name is missing: %v", object.String())
		}
		if !substitutes {
			continue
		}
		changed, err := kustomize.SubstituteVariables(context.Background(), variables{next: next}, kustomization, object,
			kustomize.SubstituteWithStrict(next.Strict), kustomize.SubstituteWithAlways(strategy == "Always"))
		if err != nil {
			return nil, err
		}
		if changed != nil {
			if _, err = built.Replace(object); err != nil {
				return nil, err
			}
		}
	}
	text, err := built.AsYaml()
	if err != nil {
		return nil, err
	}
	if objects, err = ssautil.ReadObjects(bytes.NewReader(text)); err != nil {
		return nil, err
	}
	metadata := func(field string) map[string]string {
		values, _, _ := unstructured.NestedStringMap(next.Kustomization, "spec", "commonMetadata", field)
		return values
	}
	ssautil.SetCommonMetadata(objects, metadata("labels"), metadata("annotations"))
	owner := ssa.Owner{Group: "kustomize.toolkit.fluxcd.io"}
	ssa.NewResourceManager(nil, nil, owner).SetOwnerLabels(objects, kustomization.GetName(), kustomization.GetNamespace())
	return objects, nil
}

// The ConfigMaps and Secrets that the cluster has; nothing else is read from it.
type variables struct {
	client.Client
	next job
}

func (known variables) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	switch wanted := into.(type) {
	case *corev1.ConfigMap:
		for _, one := range known.next.ConfigMaps {
			if client.ObjectKeyFromObject(&one) == key {
				one.DeepCopyInto(wanted)
				return nil
			}
		}
	case *corev1.Secret:
		for _, one := range known.next.Secrets {
			if client.ObjectKeyFromObject(&one) == key {
				one.DeepCopyInto(wanted)
				return nil
			}
		}
	}
	return apierrors.NewNotFound(schema.GroupResource{}, key.Name)
}
