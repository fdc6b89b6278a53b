/**
 * The Java client of Rectifier: batches of activation functions, evaluated by a server. Start with
 * {@link io.rectifier.Client}.
 */
package io.rectifier;
