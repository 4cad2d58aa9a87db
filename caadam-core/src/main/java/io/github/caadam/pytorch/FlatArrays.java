// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.list;

import ai.djl.nn.Parameter;
import io.github.caadam.rule.Slot;
import io.github.caadam.spi.StepRecipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The parameters of fully connected layers and norms side by side in one flat array, and their
 * gradients and what an optimizer keeps for them in further ones of the same order. They are copied
 * in before the first batch and out behind the last. So a step works on a few long pieces, and a
 * bias needs no operation of its own: the matrix of a layer is its weights, transposed, and the
 * biases as one more row.
 */
final class FlatArrays implements ParameterArrays {

    private static final String VALUES = "values";
    private static final String GRADIENTS = "gradients";

    private final ParameterNames names;
    private final List<TrainingProgram.ParameterGroup> groups;
    private final StepRecipe recipe;
    private final List<Layer.Dense> layers;
    private final Map<Parameter, Place> places = new LinkedHashMap<>();
    private final List<Boolean> wholeArrays;

    /**
     * Where a parameter lies in flat arrays.
     *
     * @param start its first element
     * @param size how many there are
     * @param outputs the outputs of its layer
     * @param isVector whether it is a vector; otherwise it is transposed
     */
    private record Place(long start, long size, long outputs, boolean isVector) {

        private long end() {
            return start + size;
        }
    }

    /**
     * Elements that lie side by side.
     *
     * @param start the first
     * @param end the one behind the last
     */
    private record Piece(long start, long end) {}

    /**
     * Describes them.
     *
     * @param layers the layers, each once
     * @param vectors the parameters of norms
     * @param names the names of the parameters
     * @param groups the groups of those that are trained
     * @param recipe what a step is
     */
    FlatArrays(
            List<Layer.Dense> layers,
            List<Parameter> vectors,
            ParameterNames names,
            List<TrainingProgram.ParameterGroup> groups,
            StepRecipe recipe) {
        this.layers = List.copyOf(layers);
        this.names = names;
        this.groups = groups;
        this.recipe = recipe;
        this.wholeArrays =
                WholeArrays.areNeeded(
                        recipe, groups.stream().map(TrainingProgram.ParameterGroup::kind).toList());
        for (Layer.Dense layer : layers) {
            long outputs = outputs(layer);
            place(layer.weight(), outputs, false);
            if (layer.bias() != null) {
                place(layer.bias(), outputs, true);
            }
        }
        for (Parameter vector : vectors) {
            place(vector, vector.getArray().getShape().size(), true);
        }
    }

    private void place(Parameter parameter, long outputs, boolean isVector) {
        long start = places.values().stream().mapToLong(Place::end).max().orElse(0);
        long size = parameter.getArray().getShape().size();
        places.put(parameter, new Place(start, size, outputs, isVector));
    }

    static long outputs(Layer.Dense layer) {
        return layer.weight().getArray().getShape().get(0);
    }

    /** Returns the name of a layer's weights, transposed, with the biases as the last row. */
    String matrix(Layer.Dense layer) {
        return "m" + layers.indexOf(layer);
    }

    /** Returns the name of where the gradient of {@link #matrix} goes. */
    String gradient(Layer.Dense layer) {
        return "n" + layers.indexOf(layer);
    }

    /** Returns where the gradient of a parameter goes, in its own shape. */
    String gradient(Parameter parameter) {
        return view(GRADIENTS, parameter);
    }

    @Override
    public void writeBefore(SourceWriter out) {
        writeOriginals(out);
        out.line(VALUES + " = " + joined(parameter -> Optional.of(original(parameter))));
        out.line(GRADIENTS + " = " + call("torch.zeros_like", VALUES));
        for (Layer.Dense layer : layers) {
            out.line(matrix(layer) + " = " + matrix(VALUES, layer));
            out.line(gradient(layer) + " = " + matrix(GRADIENTS, layer));
        }
        for (Parameter parameter : places.keySet()) {
            out.line(names.name(parameter) + " = " + view(VALUES, parameter));
        }
        for (Parameter other : names.others()) {
            if (!places.containsKey(other)) {
                out.line(names.name(other) + " = " + original(other));
            }
        }
        for (int slot = 0; slot < mostSlots(); slot++) {
            int number = slot;
            out.line(states(slot) + " = " + joined(parameter -> originalState(parameter, number)));
        }
        for (int g = 0; g < groups.size(); g++) {
            writeLists(out, g);
        }
        FollowedWeights.writeBefore(out, groups, names);
    }

    /** The arguments have names of their own, as the lists that they come in get other elements. */
    private void writeOriginals(SourceWriter out) {
        for (int g = 0; g < groups.size(); g++) {
            List<Parameter> members = groups.get(g).members();
            for (int k = 0; k < members.size(); k++) {
                Parameter member = members.get(k);
                out.line(original(member) + " = " + element(TrainingProgram.weights(g), k));
                for (int slot : wholeSlots(g)) {
                    String state = element(TrainingProgram.state(g, slot), k);
                    out.line(originalState(member, slot).orElseThrow() + " = " + state);
                }
            }
        }
        for (int i = 0; i < names.others().size(); i++) {
            Parameter other = names.others().get(i);
            out.line(original(other) + " = " + element(TrainingProgram.OTHERS, i));
        }
    }

    private static String element(String list, int place) {
        return list + "[" + place + "]";
    }

    private String original(Parameter parameter) {
        return "o" + names.name(parameter);
    }

    /** The name of what is kept for a parameter in a slot of its shape; empty if nothing is. */
    private Optional<String> originalState(Parameter parameter, int slot) {
        return IntStream.range(0, groups.size())
                .filter(g -> groups.get(g).members().contains(parameter))
                .filter(g -> wholeSlots(g).contains(slot))
                .mapToObj(g -> original(parameter) + "_" + slot)
                .findFirst();
    }

    private List<Integer> wholeSlots(int group) {
        List<Slot> slots = recipe.slots(groups.get(group).kind().rule());
        return IntStream.range(0, slots.size())
                .filter(slot -> slots.get(slot).part() == Slot.Part.WHOLE)
                .boxed()
                .toList();
    }

    private int mostSlots() {
        return IntStream.range(0, groups.size())
                .flatMap(g -> wholeSlots(g).stream().mapToInt(slot -> slot + 1))
                .max()
                .orElse(0);
    }

    private static String states(int slot) {
        return "states" + slot;
    }

    /** A new flat array of parameters' arrays, of zeros where there is none. */
    private String joined(Function<Parameter, Optional<String>> arrays) {
        List<String> parts = new ArrayList<>();
        places.forEach(
                (parameter, place) -> {
                    String array =
                            arrays.apply(parameter)
                                    .orElseGet(() -> call("torch.zeros_like", original(parameter)));
                    String inOrder = place.isVector() ? array : call("torch.t", array);
                    parts.add(call("torch.reshape", inOrder, "[-1]"));
                });
        return call("torch.cat", list(parts));
    }

    private String matrix(String flat, Layer.Dense layer) {
        Place weight = places.get(layer.weight());
        long end = layer.bias() == null ? weight.end() : places.get(layer.bias()).end();
        return call(
                "torch.reshape",
                slice(flat, weight.start(), end),
                "[-1, " + weight.outputs() + "]");
    }

    private static String slice(String flat, long start, long end) {
        return call("torch.slice", flat, 0, start, end);
    }

    /** A parameter in its own shape, as a view of a flat array. */
    private String view(String flat, Parameter parameter) {
        Place place = places.get(parameter);
        String elements = slice(flat, place.start(), place.end());
        return place.isVector()
                ? elements
                : call("torch.t", call("torch.reshape", elements, "[-1, " + place.outputs() + "]"));
    }

    private void writeLists(SourceWriter out, int g) {
        List<String> values = parts(VALUES, g);
        replace(out, TrainingProgram.weights(g), values);
        out.line(gradients(g) + " = " + list(parts(GRADIENTS, g)));
        out.line(
                TrainingProgram.lateSteps(g)
                        + " = "
                        + list(Collections.nCopies(values.size(), TrainingProgram.LATE)));
        for (int slot : wholeSlots(g)) {
            replace(out, TrainingProgram.state(g, slot), parts(states(slot), g));
        }
    }

    /** The compiler drops changes of lists that are made on the spot, not of those that came in. */
    private static void replace(SourceWriter out, String list, List<String> elements) {
        out.line(call(list + ".clear"));
        elements.forEach(element -> out.line(call(list + ".append", element)));
    }

    /** The parts of a flat array that the steps of a group work on. */
    private List<String> parts(String flat, int g) {
        List<Parameter> members = groups.get(g).members();
        return wholeArrays.get(g)
                ? members.stream().map(member -> view(flat, member)).toList()
                : pieces(members).stream().map(p -> slice(flat, p.start(), p.end())).toList();
    }

    private List<Piece> pieces(List<Parameter> members) {
        List<Piece> pieces = new ArrayList<>();
        members.stream()
                .map(places::get)
                .sorted(Comparator.comparingLong(Place::start))
                .forEach(
                        place -> {
                            int last = pieces.size() - 1;
                            if (last >= 0 && pieces.get(last).end() == place.start()) {
                                pieces.set(last, new Piece(pieces.get(last).start(), place.end()));
                            } else {
                                pieces.add(new Piece(place.start(), place.end()));
                            }
                        });
        return pieces;
    }

    private static String gradients(int group) {
        return "G" + group;
    }

    @Override
    public String writeGradients(SourceWriter out, int group) {
        return gradients(group);
    }

    @Override
    public void writeAfter(SourceWriter out) {
        for (int g = 0; g < groups.size(); g++) {
            for (Parameter member : groups.get(g).members()) {
                out.line(call("torch.copy_", original(member), view(VALUES, member)));
                for (int slot : wholeSlots(g)) {
                    String state = originalState(member, slot).orElseThrow();
                    out.line(call("torch.copy_", state, view(states(slot), member)));
                }
            }
        }
    }
}
