/** Studies: which runs an experiment consists of, read from YAML. */
package io.github.caadam.experiments.study;
