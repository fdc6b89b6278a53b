package io.rectifier;

import io.rectifier.v1.ActivationServiceGrpc;
import io.rectifier.v1.EvaluateRequest;
import io.rectifier.v1.EvaluateResponse;
import io.rectifier.v1.Limits;
import io.rectifier.v1.StreamHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The evaluations of one call, on their way: one step of the plan after the other. */
final class Batch {
  private static final Pattern INDEX = Pattern.compile("^evaluations\\[(\\d+)\\]");

  /** What a stream cannot hold together may still fit into one message, in and out. */
  private static final Set<String> NOT_BY_STREAM = Set.of("ROWS_TOO_LONG", "STREAM_TOO_LARGE");

  private final Call<?> call;
  private final List<Evaluation> evaluations;
  private final Optional<Limits> limits;
  private final Plan plan;
  private final Outputs[] outputs;

  /** Limits are there where the evaluations are large. */
  Batch(Call<?> call, List<Evaluation> evaluations, Optional<Limits> limits) {
    this.call = call;
    this.evaluations = evaluations;
    this.limits = limits;
    this.plan = limits.map(of -> Plan.of(evaluations, of)).orElse(Plan.whole(evaluations));
    this.outputs = new Outputs[evaluations.size()];
  }

  CompletableFuture<List<Result>> run() {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (Plan.Step step : plan.steps()) {
      done =
          done.thenCompose(
              before -> step.isStream() ? stream(step.indices().get(0)) : unary(step.indices()));
    }
    return done.thenApply(all -> Arrays.stream(outputs).map(Outputs::result).toList());
  }

  private CompletableFuture<Void> stream(int index) {
    Evaluation evaluation = evaluations.get(index);
    String path = path(index);
    limits.ifPresent(of -> check(of).checkArguments(evaluation, path));
    StreamHeader header = Messages.header(evaluation);
    limits.ifPresent(of -> check(of).check(evaluation, header, path));
    StreamedEvaluation stream =
        new StreamedEvaluation(evaluation, header, path, call.failures(), outputs(index));
    call.stream(
        ActivationServiceGrpc.getEvaluateStreamMethod(), stream, StreamedEvaluation.READY_BYTES);
    return stream
        .future()
        .handle((streamed, error) -> keepStreamed(index, streamed, error))
        .thenCompose(later -> later);
  }

  private CompletableFuture<Void> keepStreamed(int index, Outputs streamed, Throwable error) {
    if (error == null) {
      outputs[index] = streamed;
      return CompletableFuture.completedFuture(null);
    }
    RectifierException failure = call.failures().of(Call.unwrap(error));
    return NOT_BY_STREAM.contains(failure.reason())
        ? unary(List.of(index))
        : CompletableFuture.failedFuture(failure);
  }

  private CompletableFuture<Void> unary(List<Integer> indices) {
    limits.ifPresent(
        of -> indices.forEach(i -> check(of).checkArguments(evaluations.get(i), path(i))));
    EvaluateRequest request = Messages.request(indices.stream().map(evaluations::get).toList());
    limits.ifPresent(of -> check(of).check(request));
    return call.unary(ActivationServiceGrpc.getEvaluateMethod(), request)
        .handle((response, error) -> keep(indices, response, error));
  }

  private Void keep(List<Integer> indices, EvaluateResponse response, Throwable error) {
    if (error != null) {
      RectifierException failure = call.failures().of(Call.unwrap(error));
      throw call.failures().withPaths(failure, field -> pathFor(field, indices));
    }
    if (response.getResultsCount() != indices.size()) {
      throw call.failures().internal("the server sent another number of results");
    }
    for (int i = 0; i < indices.size(); ++i) {
      outputs[indices.get(i)] = outputs(indices.get(i), response.getResults(i));
    }
    return null;
  }

  /** While others are on their way, none is written where these may read. */
  private Outputs outputs(int index) {
    boolean holdsBack = plan.steps().size() > 1;
    return new Outputs(evaluations.get(index), path(index), call.failures(), holdsBack);
  }

  private Outputs outputs(int index, io.rectifier.v1.Result message) {
    Outputs outputs = outputs(index);
    outputs.open(Shapes.of(message.getValue().getShapeList()));
    outputs.append(Quantity.VALUE, 0, message.getValue().getData());
    outputs.appendGradients(
        message.getGradientsList().stream().map(io.rectifier.v1.Tensor::getData).toList());
    outputs.append(Quantity.SECOND_DERIVATIVE, 0, message.getSecondDerivative().getData());
    outputs.addParameterGradients(message.getParameterGradientsList());
    outputs.checkWhole();
    return outputs;
  }

  private RequestCheck check(Limits of) {
    return new RequestCheck(of, call.failures());
  }

  private static String path(int index) {
    return "evaluations[" + index + "]";
  }

  /** The server counts the evaluations of its request, the caller those of the batch. */
  private static String pathFor(String field, List<Integer> indices) {
    Matcher index = INDEX.matcher(field);
    return index.find()
        ? path(indices.get(Integer.parseInt(index.group(1)))) + field.substring(index.end())
        : field;
  }
}
