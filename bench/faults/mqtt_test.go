package faults

import (
	"net"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

// broker acknowledges what it gets.
func broker(conn net.Conn) {
	defer conn.Close()
	for {
		packet, err := packets.ReadPacket(conn)
		if err != nil {
			return
		}
		switch packet := packet.(type) {
		case *packets.ConnectPacket:
			packets.NewControlPacket(packets.Connack).Write(conn)
		case *packets.PublishPacket:
			ack := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
			ack.MessageID = packet.MessageID
			ack.Write(conn)
		case *packets.DisconnectPacket:
			return
		}
	}
}

// A client that connects, publishes a message and disconnects, or gives up.
func TestPublish(t *testing.T) {
	addr := serve(t, broker)
	options := mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetClientID("test").SetAutoReconnect(false)
	client := mqtt.NewClient(options)
	token := client.Connect()
	if !token.WaitTimeout(time.Minute) || token.Error() != nil {
		client.Disconnect(0)
		return
	}
	client.Publish("greeting", 1, false, "hello").WaitTimeout(time.Minute)
	client.Disconnect(100)
}
