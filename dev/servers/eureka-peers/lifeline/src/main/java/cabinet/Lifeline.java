package cabinet;

import java.io.IOException;

/** Ends this program with the one that started it, however that ended: then its standard input is closed. */
public final class Lifeline {
  private Lifeline() {}

  public static void hold() {
    Thread thread = new Thread(Lifeline::waitForEnd, "lifeline");
    thread.setDaemon(true);
    thread.start();
  }

  private static void waitForEnd() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException closed) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(0);
  }
}
