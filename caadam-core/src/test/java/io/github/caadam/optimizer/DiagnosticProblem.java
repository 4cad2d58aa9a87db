// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * Small problems whose answers are known, each with one difficulty, in the manner of HeavyBall's
 * benchmark. The weights are a matrix of {@link #ROWS} rows and {@link #COLUMNS} columns, row by
 * row. The loss is 0 at the answer.
 */
enum DiagnosticProblem {
    /** ½(w−c)²: nothing is difficult. */
    BOWL("a round bowl", 1e-3) {
        @Override
        Point at(double[] w, int step, Random random) {
            return Point.sum(w, i -> square(w[i] - MINIMUM[i]), i -> w[i] - MINIMUM[i]);
        }
    },

    /** ½k(w−c)², k from 1 to 10,000 along the axes. */
    NARROW_ALONG_AXES("a valley 10,000 times as steep as long, along the axes", 1e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            return Point.sum(
                    w,
                    i -> steepness(i) * square(w[i] - MINIMUM[i]),
                    i -> steepness(i) * (w[i] - MINIMUM[i]));
        }

        @Override
        double error(double[] w, Point point) {
            return distance(w);
        }
    },

    /** The same with k from 1 to 1,000, reflected at a random plane. */
    NARROW_TURNED("a valley 1,000 times as steep as long, across the axes", 5e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            double[] turned = reflected(minus(w, MINIMUM));
            double[] slopes = new double[SIZE];
            double loss = 0;
            for (int i = 0; i < SIZE; i++) {
                double k = Math.pow(steepness(i), 0.75);
                slopes[i] = k * turned[i];
                loss += k * square(turned[i]) / SIZE;
            }
            return new Point(loss, reflected(slopes));
        }

        @Override
        double error(double[] w, Point point) {
            return distance(w);
        }
    },

    /** ½‖A(W−C)‖² with the singular values of A from 1 to 30, as under correlated features. */
    CORRELATED_FEATURES("correlated features of a linear layer", 5e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            double[] error = minus(w, MINIMUM);
            double[] gradient = new double[SIZE];
            double loss = 0;
            for (int column = 0; column < COLUMNS; column++) {
                for (int row = 0; row < ROWS; row++) {
                    double sum = 0;
                    for (int k = 0; k < ROWS; k++) {
                        sum += COVARIANCE[row][k] * error[k * COLUMNS + column];
                    }
                    gradient[row * COLUMNS + column] = sum;
                    loss += error[row * COLUMNS + column] * sum / SIZE;
                }
            }
            return new Point(loss, gradient);
        }

        @Override
        double error(double[] w, Point point) {
            return distance(w);
        }
    },

    /** (1−x)² + 100(y−x²)² over pairs, from (−1.2, 1). */
    BENT_VALLEY("Rosenbrock's bent valley", 1e-1) {
        @Override
        double[] start() {
            return pairs(-1.2, 1);
        }

        @Override
        Point at(double[] w, int step, Random random) {
            double[] gradient = new double[SIZE];
            double loss = 0;
            for (int i = 0; i < SIZE; i += 2) {
                double bend = w[i + 1] - w[i] * w[i];
                gradient[i] = -400 * w[i] * bend - 2 * (1 - w[i]);
                gradient[i + 1] = 200 * bend;
                loss += (100 * bend * bend + square(1 - w[i])) * 2 / SIZE;
            }
            return new Point(loss, gradient);
        }
    },

    /** ¼(x²−1)² + ½y² over pairs, from beside the saddle at (0, 0). */
    SADDLE("a start beside a saddle", 1e-3) {
        @Override
        double[] start() {
            return pairs(1e-4, 1);
        }

        @Override
        Point at(double[] w, int step, Random random) {
            double[] gradient = new double[SIZE];
            double loss = 0;
            for (int i = 0; i < SIZE; i += 2) {
                gradient[i] = w[i] * (w[i] * w[i] - 1);
                gradient[i + 1] = w[i + 1];
                loss += (square(w[i] * w[i] - 1) / 4 + square(w[i + 1]) / 2) * 2 / SIZE;
            }
            return new Point(loss, gradient);
        }
    },

    /** 1 − exp(−(w−c)²/2) four from c, where the slope is 0.0013. */
    PLATEAU("a plateau, where the slope is nearly nothing", 1e-2) {
        @Override
        double[] start() {
            double[] start = MINIMUM.clone();
            for (int i = 0; i < SIZE; i++) {
                start[i] += i % 2 == 0 ? 4 : -4;
            }
            return start;
        }

        @Override
        Point at(double[] w, int step, Random random) {
            return Point.sum(
                    w,
                    i -> 1 - Math.exp(-square(w[i] - MINIMUM[i]) / 2),
                    i -> (w[i] - MINIMUM[i]) * Math.exp(-square(w[i] - MINIMUM[i]) / 2));
        }
    },

    /** |w−c|: the slope stays where the answer is near. */
    KINK("a kink at the answer", 2e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            return Point.sum(
                    w, i -> Math.abs(w[i] - MINIMUM[i]), i -> Math.signum(w[i] - MINIMUM[i]));
        }
    },

    /** The bowl, its loss in another unit: gradients are a millionth. */
    FAINT("gradients a millionth as large", 1e-3) {
        @Override
        Point at(double[] w, int step, Random random) {
            return BOWL.at(w, step, random).times(1e-6);
        }
    },

    /** The bowl, its loss in another unit: gradients are a million times as large. */
    LOUD("gradients a million times as large", 1e-3) {
        @Override
        Point at(double[] w, int step, Random random) {
            return BOWL.at(w, step, random).times(1e6);
        }
    },

    /** The bowl, of which a step sees one column in eight. */
    SPARSE("gradients of one column in eight", 1e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            Point whole = BOWL.at(w, step, random);
            for (int i = 0; i < SIZE; i++) {
                if (i % COLUMNS != step % COLUMNS) {
                    whole.gradient()[i] = 0;
                }
            }
            return whole;
        }
    },

    /** The bowl, with normal noise on each gradient, as large as the gradients are at first. */
    NOISE("noise as large as the gradients", 2e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            Point point = BOWL.at(w, step, random);
            for (int i = 0; i < SIZE; i++) {
                point.gradient()[i] += random.nextGaussian();
            }
            return point;
        }
    },

    /** The bowl, with noise of Cauchy's distribution, which has no variance. */
    OUTLIERS("noise with outliers of any size", 5e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            Point point = BOWL.at(w, step, random);
            for (int i = 0; i < SIZE; i++) {
                point.gradient()[i] += 0.1 * Math.tan(Math.PI * (random.nextDouble() - 0.5));
            }
            return point;
        }
    },

    /** The bowl, whose minimum moves by 0.005 a step; what was found must be followed. */
    MOVING("an answer that moves", 3e-2) {
        @Override
        Point at(double[] w, int step, Random random) {
            double way = 0.005 * step;
            return Point.sum(w, i -> square(w[i] - MINIMUM[i] - way), i -> w[i] - MINIMUM[i] - way);
        }

        @Override
        int counted() {
            return STEPS / 2;
        }
    },

    /** ½(xy−1)² over pairs, from (5, 0.01): as two layers of unlike size. */
    UNLIKE_LAYERS("two layers of unlike size", 1e-3) {
        @Override
        double[] start() {
            return pairs(5, 0.01);
        }

        @Override
        Point at(double[] w, int step, Random random) {
            double[] gradient = new double[SIZE];
            double loss = 0;
            for (int i = 0; i < SIZE; i += 2) {
                double error = w[i] * w[i + 1] - 1;
                gradient[i] = error * w[i + 1];
                gradient[i + 1] = error * w[i];
                loss += square(error) * 2 / SIZE;
            }
            return new Point(loss, gradient);
        }
    },

    /** 1 − cos(w, c) from a long w: only directions count, as for weights before a norm. */
    DIRECTION("weights of which only the direction counts", 1e-2) {
        @Override
        double[] start() {
            return new Random(5).doubles(SIZE, -3, 3).toArray();
        }

        @Override
        Point at(double[] w, int step, Random random) {
            double size = Math.sqrt(dot(w, w));
            double answer = Math.sqrt(dot(MINIMUM, MINIMUM));
            double cosine = dot(w, MINIMUM) / size / answer;
            double[] gradient = new double[SIZE];
            for (int i = 0; i < SIZE; i++) {
                gradient[i] = SIZE * (cosine * w[i] / size - MINIMUM[i] / answer) / size;
            }
            return new Point(1 - cosine, gradient);
        }
    };

    static final int ROWS = 6;
    static final int COLUMNS = 8;
    static final int SIZE = ROWS * COLUMNS;

    /** How many steps an optimizer has. */
    static final int STEPS = 400;

    private static final double[] MINIMUM = new Random(1).doubles(SIZE, 0.5, 1.5).toArray();
    private static final double[] MIRROR = mirror();
    private static final double[][] COVARIANCE = covariance();

    private final String title;
    private final double target;

    DiagnosticProblem(String title, double target) {
        this.title = title;
        this.target = target;
    }

    /** Loss without noise, and gradient with it. */
    @SuppressWarnings("ArrayRecordComponent") // A carrier of numbers, never compared.
    record Point(double loss, double[] gradient) {

        private Point times(double k) {
            return new Point(loss, Arrays.stream(gradient).map(g -> k * g).toArray());
        }

        private static Point sum(
                double[] w, IntToDoubleFunction losses, IntToDoubleFunction slopes) {
            double[] gradient = new double[w.length];
            double loss = 0;
            for (int i = 0; i < w.length; i++) {
                loss += losses.applyAsDouble(i) / w.length;
                gradient[i] = slopes.applyAsDouble(i);
            }
            return new Point(loss, gradient);
        }
    }

    /** What the docs call it. */
    String title() {
        return title;
    }

    /** The error at which the answer counts as found. */
    double target() {
        return target;
    }

    /** How far weights are from the answer: the loss, unless it hides a part of the way. */
    double error(double[] w, Point point) {
        return point.loss();
    }

    /** The step from which an error counts. */
    int counted() {
        return 0;
    }

    /** The weights before the first step. */
    double[] start() {
        return new double[SIZE];
    }

    /** Loss and gradient at weights in a step, from 0. */
    abstract Point at(double[] w, int step, Random random);

    private static double square(double x) {
        return x * x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] minus(double[] a, double[] b) {
        double[] difference = a.clone();
        for (int i = 0; i < a.length; i++) {
            difference[i] -= b[i];
        }
        return difference;
    }

    private static double distance(double[] w) {
        double[] way = minus(w, MINIMUM);
        return dot(way, way) / SIZE;
    }

    private static double[] pairs(double x, double y) {
        double[] start = new double[SIZE];
        for (int i = 0; i < SIZE; i += 2) {
            start[i] = x;
            start[i + 1] = y;
        }
        return start;
    }

    private static double steepness(int i) {
        return Math.pow(10, 4.0 * i / (SIZE - 1));
    }

    private static double[] mirror() {
        double[] direction = new Random(2).doubles(SIZE, -1, 1).toArray();
        double size = Math.sqrt(dot(direction, direction));
        return Arrays.stream(direction).map(x -> x / size).toArray();
    }

    /** Householder's reflection, which is its own inverse. */
    private static double[] reflected(double[] w) {
        double twice = 2 * dot(w, MIRROR);
        double[] reflected = w.clone();
        for (int i = 0; i < SIZE; i++) {
            reflected[i] -= twice * MIRROR[i];
        }
        return reflected;
    }

    /** QΛQ with eigenvalues from 1 to 900 and a reflection Q. */
    private static double[][] covariance() {
        double[] direction = Arrays.copyOf(MIRROR, ROWS);
        double size = dot(direction, direction);
        double[][] covariance = new double[ROWS][ROWS];
        for (int k = 0; k < ROWS; k++) {
            double eigenvalue = Math.pow(900, k / (ROWS - 1.0));
            double[] vector = new double[ROWS];
            for (int i = 0; i < ROWS; i++) {
                vector[i] = (i == k ? 1 : 0) - 2 * direction[i] * direction[k] / size;
            }
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < ROWS; j++) {
                    covariance[i][j] += eigenvalue * vector[i] * vector[j];
                }
            }
        }
        return covariance;
    }
}
