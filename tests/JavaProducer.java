// Publishes the lines of standard input to a topic with Kafka's own client: java -cp 'libs/*' JavaProducer.java BROKERS TOPIC CODEC

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

class JavaProducer {
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", arguments[0]);
        properties.put("compression.type", arguments[2]);
        // All lines in one batch.
        properties.put("linger.ms", "200");
        properties.put("batch.size", "1000000");
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null;) {
                producer.send(new ProducerRecord<>(arguments[1], line.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }
}
