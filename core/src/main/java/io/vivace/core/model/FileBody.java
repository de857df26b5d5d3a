package io.vivace.core.model;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Writes a response to a channel, piece by piece, up to a limit. */
final class FileBody implements HttpResponse.BodySubscriber<@Nullable Void> {
  private final WritableByteChannel channel;
  private final long announced;
  private final long maxBytes;
  private final Runnable onNews;
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private long received;

  FileBody(WritableByteChannel channel, long announced, long maxBytes, Runnable onNews) {
    this.channel = channel;
    this.announced = announced;
    this.maxBytes = maxBytes;
    this.onNews = onNews;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    if (announced > maxBytes) {
      fail(tooMany(announced));
    } else {
      newSubscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> piece) {
    onNews.run();
    try {
      for (ByteBuffer buffer : piece) {
        received += buffer.remaining();
        if (received > maxBytes) {
          throw tooMany(received);
        }
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
    } catch (IOException e) {
      fail(e);
      return;
    }
    if (subscription != null) {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }

  @Override
  public CompletionStage<@Nullable Void> getBody() {
    return done;
  }

  private void fail(IOException error) {
    if (subscription != null) {
      subscription.cancel();
    }
    done.completeExceptionally(error);
  }

  private IOException tooMany(long bytes) {
    return new IOException(
        "it has %,d bytes or more, allowed are %,d (maxBytes)".formatted(bytes, maxBytes));
  }
}
