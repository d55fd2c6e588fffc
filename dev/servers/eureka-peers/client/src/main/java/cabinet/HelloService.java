package cabinet;

import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A Spring service that registers, says hello, and tells whom it sees. */
@SpringBootApplication
@RestController
public class HelloService {
  private final DiscoveryClient discovery;

  HelloService(DiscoveryClient discovery) {
    this.discovery = discovery;
  }

  public static void main(String[] args) {
    Lifeline.hold();
    SpringApplication.run(HelloService.class, args);
  }

  @GetMapping({"/hello", "/api/*/hello"})
  String hello() {
    return "hello from spring";
  }

  @GetMapping("/sees/{application}")
  List<String> sees(@PathVariable String application) {
    return discovery.getInstances(application).stream().map(instance -> instance.getUri().toString()).toList();
  }
}
