package cabinet;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A Spring Cloud Gateway whose routes are the applications of the registry: `/patient/**` goes to `lb://PATIENT`. */
@SpringBootApplication
public class SpringGateway {
  public static void main(String[] args) {
    Lifeline.hold();
    SpringApplication.run(SpringGateway.class, args);
  }
}
