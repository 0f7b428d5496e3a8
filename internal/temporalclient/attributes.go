package temporalclient

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// The servers of a cluster learn of a new search attribute one after the other, within seconds.
const (
	visibleWait  = 60 * time.Second
	visiblePause = 200 * time.Millisecond
)

// EnsureSearchAttributes creates the search attributes that the namespace of [Options] lacks and waits until they can be used.
// Two programs may do it at once. Without the permission it is enough that somebody else has created them; otherwise the error says how.
func EnsureSearchAttributes(ctx context.Context, temporal client.Client, wanted map[string]enumspb.IndexedValueType) error {
	options, err := Options()
	if err != nil {
		return err
	}
	set := attributes{temporal, options.Namespace, wanted}
	if err := set.create(ctx); err != nil {
		if _, wrong := errors.AsType[*wrongKind](err); wrong || set.usable(ctx) != nil {
			return set.explain(err)
		}
		return nil
	}
	return set.await(ctx)
}

// MissingSearchAttributes names those that the namespace lacks, in their order. It changes nothing. One of another type is an error.
func MissingSearchAttributes(ctx context.Context, temporal client.Client, wanted map[string]enumspb.IndexedValueType) ([]string, error) {
	options, err := Options()
	if err != nil {
		return nil, err
	}
	missing, err := attributes{temporal, options.Namespace, wanted}.missing(ctx)
	return slices.Sorted(maps.Keys(missing)), err
}

type attributes struct {
	temporal  client.Client
	namespace string
	wanted    map[string]enumspb.IndexedValueType
}

func (a attributes) missing(ctx context.Context) (map[string]enumspb.IndexedValueType, error) {
	listed, err := a.temporal.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: a.namespace})
	if err != nil {
		return nil, err
	}
	missing := map[string]enumspb.IndexedValueType{}
	for name, kind := range a.wanted {
		there, known := listed.GetCustomAttributes()[name]
		if !known {
			missing[name] = kind
		} else if there != kind {
			return nil, &wrongKind{name: name, is: there, want: kind}
		}
	}
	return missing, nil
}

func (a attributes) create(ctx context.Context) error {
	missing, err := a.missing(ctx)
	if err != nil || len(missing) == 0 {
		return err
	}
	_, err = a.temporal.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: a.namespace, SearchAttributes: missing,
	})
	if _, twice := errors.AsType[*serviceerror.AlreadyExists](err); twice {
		return nil
	}
	return err
}

// usable asks a question that only a server that knows every attribute can answer. The list of the operator service
// is no proof: it is ahead of the servers that check what a workflow sets.
func (a attributes) usable(ctx context.Context) error {
	var terms []string
	for _, name := range slices.Sorted(maps.Keys(a.wanted)) {
		terms = append(terms, name+" IS NOT NULL")
	}
	_, err := a.temporal.WorkflowService().CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{
		Namespace: a.namespace, Query: strings.Join(terms, " AND "),
	})
	return err
}

func (a attributes) await(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, visibleWait)
	defer cancel()
	for {
		err := a.usable(limited)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(visiblePause):
		case <-limited.Done():
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return fmt.Errorf("the search attributes were created in namespace %q but are still not usable after %v: %w", a.namespace, visibleWait, err)
		}
	}
}

func (a attributes) explain(err error) error {
	if _, wrong := errors.AsType[*wrongKind](err); wrong {
		return fmt.Errorf("namespace %q: %w", a.namespace, err)
	}
	var command strings.Builder
	fmt.Fprintf(&command, "temporal operator search-attribute create --namespace %s", a.namespace)
	for _, name := range slices.Sorted(maps.Keys(a.wanted)) {
		fmt.Fprintf(&command, " --name %s --type %s", name, a.wanted[name])
	}
	if denied(err) {
		return fmt.Errorf("this account may not create search attributes in namespace %q; somebody with that right must run `%s` (Temporal Cloud: add them on the namespace's page): %w",
			a.namespace, command.String(), err)
	}
	return fmt.Errorf("the search attributes of namespace %q could not be created; try `%s`: %w", a.namespace, command.String(), err)
}

// wrongKind is an attribute of that name made for something else. Its type cannot be changed.
type wrongKind struct {
	name     string
	is, want enumspb.IndexedValueType
}

func (w *wrongKind) Error() string {
	return fmt.Sprintf("the search attribute %s is of type %v and must be %v: use another namespace, or remove it if nothing uses it", w.name, w.is, w.want)
}
