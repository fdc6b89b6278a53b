package io.rectifier;

import java.nio.Buffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One activation over one input, or over two for a gated pair.
 *
 * <pre>{@code
 * Evaluation.of("leaky_relu", x)
 *     .withArgument("negative_slope", 0.1)
 *     .withQuantities(Quantity.VALUE, Quantity.GRADIENT)
 * }</pre>
 *
 * <p>Names are strings, which the server checks: it suggests the nearest one for a wrong one.
 * Threads: an evaluation is immutable; each method gives a new one.
 */
public final class Evaluation {
  private final String activation;
  private final String preset;
  private final List<Tensor> inputs;
  private final Map<String, Argument> arguments;
  private final Optional<Tensor> upstream;
  private final Set<Quantity> quantities;
  private final Map<Destination, Buffer> destinations;

  /** Where a result goes: to the buffer of a quantity and, among several gradients, an input. */
  record Destination(Quantity quantity, int input) {
    @Override
    public String toString() {
      return quantity == Quantity.GRADIENT ? quantity + " of input " + input : quantity.toString();
    }
  }

  private Evaluation(
      String activation,
      String preset,
      List<Tensor> inputs,
      Map<String, Argument> arguments,
      Optional<Tensor> upstream,
      Set<Quantity> quantities,
      Map<Destination, Buffer> destinations) {
    this.activation = activation;
    this.preset = preset;
    this.inputs = inputs;
    this.arguments = arguments;
    this.upstream = upstream;
    this.quantities = quantities;
    this.destinations = destinations;
  }

  /**
   * Returns an evaluation that asks for the value.
   *
   * @param activation a name or alias of the catalogue
   * @param inputs one tensor, or two of one shape for a gated pair
   */
  public static Evaluation of(String activation, Tensor... inputs) {
    if (activation == null || inputs.length == 0) {
      throw new IllegalArgumentException(
          activation == null
              ? "activation: null is no name"
              : "inputs: there are none; one tensor is needed, or two for a gated pair");
    }
    return new Evaluation(
        activation,
        "",
        List.of(inputs),
        Map.of(),
        Optional.empty(),
        EnumSet.of(Quantity.VALUE),
        Map.of());
  }

  /**
   * Returns one that takes a number for the parameter; NaN and infinity are checked by the server.
   */
  public Evaluation withArgument(String parameter, double number) {
    return withArgument(parameter, Argument.of(number));
  }

  /** Returns one that takes a word for the parameter. */
  public Evaluation withArgument(String parameter, String word) {
    return withArgument(parameter, Argument.of(word));
  }

  /** Returns one that takes a truth value for the parameter. */
  public Evaluation withArgument(String parameter, boolean word) {
    return withArgument(parameter, Argument.of(word));
  }

  /** Returns one that takes a tensor for the parameter, broadcast by NumPy's rules. */
  public Evaluation withArgument(String parameter, Tensor tensor) {
    return withArgument(parameter, Argument.of(tensor));
  }

  /** Returns one that takes what is given for the parameter, by its name or alias. */
  public Evaluation withArgument(String parameter, Argument argument) {
    Map<String, Argument> more = new LinkedHashMap<>(arguments);
    more.put(parameter, argument);
    return new Evaluation(
        activation,
        preset,
        inputs,
        Collections.unmodifiableMap(more),
        upstream,
        quantities,
        destinations);
  }

  /**
   * Returns one that takes the choices of a framework: {@code pytorch}, {@code jax}, {@code keras},
   * {@code onnx} or {@code tensorflow}.
   */
  public Evaluation withPreset(String framework) {
    return new Evaluation(
        activation, framework, inputs, arguments, upstream, quantities, destinations);
  }

  /** Returns one whose derivatives are contracted with dL/dy, of the output's shape. */
  public Evaluation withUpstream(Tensor gradient) {
    return new Evaluation(
        activation, preset, inputs, arguments, Optional.of(gradient), quantities, destinations);
  }

  /** Returns one that asks for these quantities, and no others. */
  public Evaluation withQuantities(Quantity... asked) {
    if (asked.length == 0) {
      throw new IllegalArgumentException("quantities: there are none; one is needed");
    }
    return new Evaluation(
        activation,
        preset,
        inputs,
        arguments,
        upstream,
        EnumSet.copyOf(List.of(asked)),
        destinations);
  }

  /**
   * Returns one whose result goes to a buffer instead of to a new array: {@link Quantity#VALUE},
   * {@link Quantity#GRADIENT} of the first input, or {@link Quantity#SECOND_DERIVATIVE}.
   *
   * @param destination a direct buffer or any other, of the result's type, or a ByteBuffer for its
   *     bytes; it has room for the result exactly, between position and limit, which stay as they
   *     are. What it holds after a call that failed is undefined. It may be in an array that
   *     tensors of the call are in, too: results never overtake the elements that they are of, or
   *     wait until all has been sent. Of a buffer without an array, a direct one, that cannot be
   *     seen: it is the input's or the upstream's from the beginning on, or shares no memory with
   *     tensors of its evaluation.
   */
  public Evaluation withDestination(Quantity quantity, Buffer destination) {
    return withDestination(quantity, 0, destination);
  }

  /** Returns the same for the gradient of one of several inputs. */
  public Evaluation withDestination(Quantity quantity, int input, Buffer destination) {
    if (quantity == Quantity.PARAMETER_GRADIENT) {
      throw new IllegalArgumentException("quantity: parameter gradients go to new arrays alone");
    }
    if (destination.isReadOnly()) {
      throw new IllegalArgumentException("destination: the buffer is read-only");
    }
    if (input < 0 || input >= (quantity == Quantity.GRADIENT ? inputs.size() : 1)) {
      throw new IllegalArgumentException("input: there is no " + quantity + " of input " + input);
    }
    ElementType type = inputs.get(input).elementType();
    if (!Payload.fits(type, destination)) {
      throw new IllegalArgumentException(
          "destination: " + destination.getClass().getSimpleName() + " does not hold " + type);
    }
    Map<Destination, Buffer> more = new LinkedHashMap<>(destinations);
    more.put(new Destination(quantity, input), destination);
    return new Evaluation(
        activation,
        preset,
        inputs,
        arguments,
        upstream,
        quantities,
        Collections.unmodifiableMap(more));
  }

  /** Returns the name or alias of the activation. */
  public String activation() {
    return activation;
  }

  /** Returns the framework whose choices hold; empty where none does. */
  public String preset() {
    return preset;
  }

  /** Returns the inputs. */
  public List<Tensor> inputs() {
    return inputs;
  }

  /** Returns the arguments by parameter. */
  public Map<String, Argument> arguments() {
    return arguments;
  }

  /** Returns dL/dy; without one it is ones. */
  public Optional<Tensor> upstream() {
    return upstream;
  }

  /** Returns what is asked for. */
  public Set<Quantity> quantities() {
    return Collections.unmodifiableSet(quantities);
  }

  Map<Destination, Buffer> destinations() {
    return destinations;
  }

  /** What a stream sends piece by piece: the inputs, and the upstream. */
  Stream<Payload> streamed() {
    return Stream.concat(inputs.stream(), upstream.stream()).map(Tensor::payload);
  }
}
