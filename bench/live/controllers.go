package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/util/workqueue"
)

// A controller: informers, a queue, workers; the cluster is client-go's own fake one.
func controller(client kubernetes.Interface, workers int) {
	factory := informers.NewSharedInformerFactory(client, time.Minute)
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]())
	for _, informer := range []cache.SharedIndexInformer{factory.Core().V1().Pods().Informer(), factory.Core().V1().ConfigMaps().Informer(), factory.Core().V1().Secrets().Informer(), factory.Core().V1().Services().Informer()} {
		informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    func(object any) { add(queue, object) },
			UpdateFunc: func(_, object any) { add(queue, object) },
		})
	}
	factory.Start(context.Background().Done())
	for range workers {
		go work(queue)
	}
}

func add(queue workqueue.TypedRateLimitingInterface[string], object any) {
	if key, err := cache.MetaNamespaceKeyFunc(object); err == nil {
		queue.Add(key)
	}
}

func work(queue workqueue.TypedRateLimitingInterface[string]) {
	for {
		key, shutdown := queue.Get()
		if shutdown {
			return
		}
		time.Sleep(time.Millisecond)
		queue.Forget(key)
		queue.Done(key)
	}
}

func dialTLS(to *net.TCPAddr) {
	tls.Dial("tcp", to.String(), &tls.Config{InsecureSkipVerify: true})
}

func init() {
	healthy["controller"] = func() {
		client := fake.NewClientset()
		controller(client, 20)
		n := 0
		every(100*time.Millisecond, func() {
			n++
			client.CoreV1().Pods("default").Create(context.Background(), &core.Pod{ObjectMeta: meta.ObjectMeta{Name: fmt.Sprint("p", n)}}, meta.CreateOptions{})
		})
	}
	healthy["controllers-elected"] = func() { // ten controllers of one manager, with leader election
		client := fake.NewClientset()
		lock := &resourcelock.LeaseLock{LeaseMeta: meta.ObjectMeta{Name: "l", Namespace: "default"}, Client: client.CoordinationV1(), LockConfig: resourcelock.ResourceLockConfig{Identity: "me"}}
		go leaderelection.RunOrDie(context.Background(), leaderelection.LeaderElectionConfig{
			Lock: lock, LeaseDuration: 15 * time.Second, RenewDeadline: 10 * time.Second, RetryPeriod: 2 * time.Second,
			Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(ctx context.Context) {
				for range 10 {
					controller(client, 4)
				}
				<-ctx.Done()
			}, OnStoppedLeading: func() {}},
		})
	}
	leaky["watchers"] = func() { // a watch for each request: its results are not read, Stop is not called
		client := fake.NewClientset()
		forget(func() {
			watch, err := client.CoreV1().Pods("default").Watch(context.Background(), meta.ListOptions{})
			must(err)
			go func() {
				for range watch.ResultChan() {
				}
			}()
		})
	}
	leaky["informers"] = func() { // an informer for each request, whose stop channel is never closed
		client := fake.NewClientset()
		for range 10 * LEAKS {
			factory := informers.NewSharedInformerFactory(client, 0)
			factory.Core().V1().Pods().Informer()
			factory.Start(make(chan struct{}))
		}
	}
}
