package main

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/IBM/sarama"
	"github.com/alicebob/miniredis/v2"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
	broker "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// The script starts PostgreSQL and says where it is; the services with "sql" or "pgx" in their names need it.
var postgres = os.Getenv("LIVE_POSTGRES")

func grpcServer() string {
	listener := listen()
	server := grpc.NewServer()
	grpc_health_v1.RegisterHealthServer(server, health.NewServer())
	go server.Serve(listener)
	return listener.Addr().String()
}

func grpcClient(at string) (*grpc.ClientConn, grpc_health_v1.HealthClient) {
	conn, err := grpc.NewClient("passthrough:///"+at, grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(err)
	return conn, grpc_health_v1.NewHealthClient(conn)
}

func check(client grpc_health_v1.HealthClient) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	client.Check(ctx, &grpc_health_v1.HealthCheckRequest{})
}

func watchHealth(client grpc_health_v1.HealthClient) {
	stream, err := client.Watch(context.Background(), &grpc_health_v1.HealthCheckRequest{})
	must(err)
	for {
		if _, err := stream.Recv(); err != nil {
			return
		}
	}
}

func natsServer(jetStream bool) string {
	folder, _ := os.MkdirTemp("", "live")
	one, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: jetStream, StoreDir: folder, NoLog: true, NoSigs: true})
	must(err)
	go one.Start()
	one.ReadyForConnections(5 * time.Second)
	return one.ClientURL()
}

func natsClient(url string) *nats.Conn {
	conn, err := nats.Connect(url)
	must(err)
	return conn
}

func mqttBroker() string {
	one := broker.New(&broker.Options{})
	must(one.AddHook(new(auth.AllowHook), nil))
	port := listen()
	at := port.Addr().String()
	port.Close()
	must(one.AddListener(listeners.NewTCP(listeners.Config{ID: "t", Address: at})))
	must(one.Serve())
	return at
}

func mqttClient(at string, id int) mqtt.Client {
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + at).SetClientID(fmt.Sprint(id)))
	if token := client.Connect(); token.Wait() && token.Error() != nil {
		must(token.Error())
	}
	return client
}

// reporter takes what sarama's mock broker says as a test would.
type reporter struct{}

func (reporter) Error(...any)          {}
func (reporter) Errorf(string, ...any) {}
func (reporter) Fatal(...any)          {}
func (reporter) Fatalf(string, ...any) {}
func (reporter) Helper()               {}

func kafkaConfig() *sarama.Config {
	config := sarama.NewConfig()
	config.ApiVersionsRequest = false // the mock broker's metadata has the first version
	config.Version = sarama.V0_11_0_0
	return config
}

func kafkaBroker(partitions int32) string {
	one := sarama.NewMockBroker(reporter{}, 1)
	metadata := sarama.NewMockMetadataResponse(reporter{}).SetBroker(one.Addr(), one.BrokerID())
	offsets := sarama.NewMockOffsetResponse(reporter{})
	for p := range partitions {
		metadata.SetLeader("t", p, one.BrokerID())
		offsets.SetOffset("t", p, sarama.OffsetOldest, 0).SetOffset("t", p, sarama.OffsetNewest, 0)
	}
	one.SetHandlerByMap(map[string]sarama.MockResponse{
		"MetadataRequest": metadata, "OffsetRequest": offsets,
		"ProduceRequest":     sarama.NewMockProduceResponse(reporter{}),
		"FetchRequest":       sarama.NewMockFetchResponse(reporter{}, 1),
		"ApiVersionsRequest": sarama.NewMockApiVersionsResponse(reporter{}),
	})
	return one.Addr()
}

func openSQL() *sql.DB {
	db, err := sql.Open("postgres", postgres)
	must(err)
	return db
}

func init() {
	healthy["grpc-unary"] = func() {
		at := grpcServer()
		_, client := grpcClient(at)
		many(50, func(int) { check(client) })
		every(20*time.Millisecond, func() { check(client) })
	}
	healthy["grpc-streams"] = func() { // 40 subscriptions that last
		_, client := grpcClient(grpcServer())
		for range 40 {
			go watchHealth(client)
		}
	}
	healthy["grpc-ten-upstreams"] = func() {
		for range 10 {
			_, client := grpcClient(grpcServer())
			every(200*time.Millisecond, func() { check(client) })
		}
	}
	healthy["sql-pool"] = func() { // more callers than connections, each for a moment
		db := openSQL()
		db.SetMaxOpenConns(5)
		for range 24 {
			go func() {
				for {
					var one int
					db.QueryRow("SELECT 1 FROM pg_sleep(0.005)").Scan(&one)
					time.Sleep(5 * time.Millisecond)
				}
			}()
		}
	}
	healthy["sql-transactions"] = func() {
		db := openSQL()
		every(50*time.Millisecond, func() {
			go func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				tx, err := db.BeginTx(ctx, nil)
				if err != nil {
					return
				}
				defer tx.Rollback()
				rows, err := tx.QueryContext(ctx, "SELECT generate_series(1, 100)")
				if err == nil {
					for rows.Next() {
					}
					rows.Close()
				}
				tx.Commit()
			}()
		})
	}
	healthy["pgx-pool"] = func() {
		pool, err := pgxpool.New(context.Background(), postgres)
		must(err)
		go func() {
			conn, err := pool.Acquire(context.Background())
			must(err)
			conn.Exec(context.Background(), "LISTEN news")
			for {
				if _, err := conn.Conn().WaitForNotification(context.Background()); err != nil {
					return
				}
			}
		}()
		every(100*time.Millisecond, func() { pool.Exec(context.Background(), "NOTIFY news") })
	}
	healthy["nats-subscriptions"] = func() {
		conn := natsClient(natsServer(false))
		for i := range 40 {
			conn.Subscribe(fmt.Sprintf("s.%d", i), func(*nats.Msg) {})
		}
		every(50*time.Millisecond, func() { conn.Publish("s.1", []byte("x")) })
	}
	healthy["nats-request-reply"] = func() {
		url := natsServer(true)
		worker := natsClient(url)
		for range 12 {
			worker.QueueSubscribe("work", "q", func(m *nats.Msg) { m.Respond(m.Data) })
		}
		stream, err := worker.JetStream()
		must(err)
		stream.AddStream(&nats.StreamConfig{Name: "S", Subjects: []string{"j.*"}, Storage: nats.MemoryStorage})
		pull, err := stream.PullSubscribe("j.*", "d")
		must(err)
		go func() {
			for {
				messages, _ := pull.Fetch(10, nats.MaxWait(5*time.Second))
				for _, m := range messages {
					m.Ack()
				}
			}
		}()
		client := natsClient(url)
		every(50*time.Millisecond, func() {
			client.Request("work", []byte("x"), time.Second)
			stream.Publish("j.a", nil)
		})
	}
	healthy["redis-pubsub"] = func() {
		one, err := miniredis.Run()
		must(err)
		client := redis.NewClient(&redis.Options{Addr: one.Addr()})
		for range 6 {
			messages := client.Subscribe(context.Background(), "news").Channel()
			go func() {
				for range messages {
				}
			}()
		}
		many(30, func(int) { client.Set(context.Background(), "a", 1, 0) })
		every(50*time.Millisecond, func() { client.Publish(context.Background(), "news", "x") })
	}
	healthy["mqtt"] = func() {
		at := mqttBroker()
		for i := range 5 {
			client := mqttClient(at, i)
			client.Subscribe("t/#", 1, func(mqtt.Client, mqtt.Message) {})
			every(500*time.Millisecond, func() { client.Publish("t/1", 1, false, "x") })
		}
	}
	healthy["kafka"] = func() { // a consumer of 24 partitions
		at := kafkaBroker(24)
		consumer, err := sarama.NewConsumer([]string{at}, kafkaConfig())
		must(err)
		for p := range int32(24) {
			messages, err := consumer.ConsumePartition("t", p, sarama.OffsetOldest)
			must(err)
			go func() {
				for range messages.Messages() {
				}
			}()
		}
		producer, err := sarama.NewAsyncProducer([]string{at}, kafkaConfig())
		must(err)
		go func() {
			for range producer.Errors() {
			}
		}()
		every(100*time.Millisecond, func() {
			producer.Input() <- &sarama.ProducerMessage{Topic: "t", Value: sarama.StringEncoder("x")}
		})
	}
	leaky["grpc-connections"] = func() { // one for each call, never closed
		at := grpcServer()
		forget(func() {
			conn, client := grpcClient(at)
			check(client)
			keep(conn)
		})
	}
	leaky["grpc-streams-unfinished"] = func() { // the head of each stream is read, and no more
		_, client := grpcClient(grpcServer())
		forget(func() {
			stream, err := client.Watch(context.Background(), &grpc_health_v1.HealthCheckRequest{})
			must(err)
			stream.Recv()
		})
	}
	leaky["sql-rows-open"] = func() {
		db := openSQL()
		db.SetMaxOpenConns(5)
		forget(func() {
			go queryAndForget(db)
		})
	}
	leaky["sql-transactions-open"] = func() {
		db := openSQL()
		forget(func() {
			ctx, cancel := context.WithCancel(context.Background())
			keep(cancel)
			tx, err := db.BeginTx(ctx, nil)
			must(err)
			keep(tx)
		})
	}
	leaky["sql-databases"] = func() { // sql.Open for each request
		forget(func() {
			db := openSQL()
			db.Ping()
			keep(db)
		})
	}
	leaky["pgx-pools"] = func() {
		forget(func() {
			pool, err := pgxpool.New(context.Background(), postgres)
			must(err)
			keep(pool)
		})
	}
	leaky["nats-connections"] = func() {
		url := natsServer(false)
		forget(func() {
			keep(natsClient(url))
		})
	}
	leaky["redis-clients"] = func() {
		one, err := miniredis.Run()
		must(err)
		forget(func() {
			client := redis.NewClient(&redis.Options{Addr: one.Addr()})
			client.Subscribe(context.Background(), "news").Channel()
			keep(client)
		})
	}
	leaky["mqtt-clients"] = func() {
		at := mqttBroker()
		for i := range LEAKS {
			keep(mqttClient(at, i))
		}
	}
	leaky["kafka-clients"] = func() {
		at := kafkaBroker(1)
		forget(func() {
			client, err := sarama.NewClient([]string{at}, kafkaConfig())
			must(err)
			keep(client)
		})
	}
	leaky["tls-handshakes"] = func() { // the other side accepts, and says nothing
		listener := listen()
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				keep(conn)
			}
		}()
		forget(func() {
			go dialTLS(listener.Addr().(*net.TCPAddr))
		})
	}
}

func queryAndForget(db *sql.DB) {
	ctx, cancel := context.WithCancel(context.Background())
	keep(cancel)
	if rows, err := db.QueryContext(ctx, "SELECT generate_series(1, 100000)"); err == nil {
		rows.Next()
		keep(rows)
	}
}
