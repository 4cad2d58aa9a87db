/** A training by one of two jars. */
public interface Contender {

    /** Makes fused steps on the gradients that there are. */
    void steps(int count);

    /** Trains an epoch by EasyTrain.fit with fused steps. */
    void eager();

    /** Trains a compiled epoch. */
    void compiled();

    /** Evaluates a quarter as many rows by the compiled program. */
    void evaluate();

    /** Compiles and checks, and trains two batches by two calls, in which the engine optimizes. */
    void compile();
}
