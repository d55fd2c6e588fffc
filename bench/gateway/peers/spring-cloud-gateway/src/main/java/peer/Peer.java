package peer;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JCircuitBreakerFactory;
import org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JConfigBuilder;
import org.springframework.cloud.client.circuitbreaker.Customizer;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import reactor.core.publisher.Mono;

@SpringBootApplication
public class Peer {
  public static void main(String[] args) {
    SpringApplication.run(Peer.class, args);
  }

  @Bean
  @Profile("!bare")
  SecurityWebFilterChain tokenCheck(ServerHttpSecurity http) {
    return http
        .csrf(csrf -> csrf.disable())
        .authorizeExchange(rules -> rules.anyExchange().authenticated())
        .oauth2ResourceServer(server -> server.jwt(jwt -> {}))
        .build();
  }

  // Our tokens say that they are access tokens (RFC 9068), which is not looked at by default but refused.
  @Bean
  @Profile("!bare")
  ReactiveJwtDecoder decoder(@Value("${JWKS_URL}") String keys) {
    ReactiveJwtDecoder verifying = NimbusReactiveJwtDecoder.withJwkSetUri(keys)
        .jwsAlgorithm(SignatureAlgorithm.ES256)
        .jwtProcessorCustomizer(
            processor -> processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt"))))
        .build();
    return remembering(verifying);
  }

  // As long as ours does, and never beyond the end of the token.
  private static ReactiveJwtDecoder remembering(ReactiveJwtDecoder verifying) {
    record Remembered(Jwt jwt, Instant until) {}
    ConcurrentHashMap<String, Remembered> remembered = new ConcurrentHashMap<>();
    return token -> {
      Remembered known = remembered.get(token);
      if (known != null && Instant.now().isBefore(known.until())) return Mono.just(known.jwt());
      return verifying.decode(token).doOnNext(jwt -> {
        Instant until = Instant.now().plusSeconds(30);
        remembered.put(token, new Remembered(jwt, until.isBefore(jwt.getExpiresAt()) ? until : jwt.getExpiresAt()));
      });
    };
  }

  // Its usual time limit of a second would cut requests that ours gives ten.
  @Bean
  @Profile("!bare")
  Customizer<ReactiveResilience4JCircuitBreakerFactory> patience() {
    return factory -> factory.configureDefault(
        id -> new Resilience4JConfigBuilder(id)
            .timeLimiterConfig(TimeLimiterConfig.custom().timeoutDuration(Duration.ofSeconds(10)).build())
            .build());
  }

  // The one that comes with it counts in Redis; counting in memory, as ours does by default, is the cheaper way.
  @Bean
  @Profile("!bare")
  GlobalFilter limitByAddress() {
    ConcurrentHashMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    return (exchange, chain) -> {
      String address = exchange.getRequest().getRemoteAddress().getAddress().getHostAddress();
      if (counts.computeIfAbsent(address, key -> new AtomicInteger()).incrementAndGet() > 1_000_000_000) {
        exchange.getResponse().setStatusCode(HttpStatus.TOO_MANY_REQUESTS);
        return exchange.getResponse().setComplete();
      }
      return chain.filter(exchange);
    };
  }
}
