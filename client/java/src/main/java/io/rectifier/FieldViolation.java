package io.rectifier;

import java.io.Serializable;

/**
 * A field of the request at fault.
 *
 * @param field its path: {@code evaluations[0].activation.arguments["beta"]}
 * @param description what was given, and what is allowed
 */
public record FieldViolation(String field, String description) implements Serializable {}
