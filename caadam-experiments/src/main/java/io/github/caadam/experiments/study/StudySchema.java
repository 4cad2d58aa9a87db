// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The study format as a JSON Schema (draft 7, which editors of YAML know). It is made of {@link
 * StudyFormat} and of the catalog, so that it knows the options of every component that can be
 * named. The reader alone checks what a schema cannot say, such as that two rows have two labels.
 */
public final class StudySchema {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String REFERENCE = "#/definitions/";

    private final Catalog catalog;
    private final ObjectNode definitions = object();

    private StudySchema(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Makes the schema.
     *
     * @param catalog what can be named
     * @return the schema
     */
    public static ObjectNode of(Catalog catalog) {
        StudySchema schema = new StudySchema(catalog);
        ObjectNode study = schema.map(StudyFormat.STUDY);
        study.put("$schema", "http://json-schema.org/draft-07/schema#");
        study.put("title", "A study of optimizers");
        study.set("definitions", schema.definitions);
        return study;
    }

    private ObjectNode map(List<FormatKey> keys) {
        ObjectNode properties = object();
        ArrayNode required = MAPPER.createArrayNode();
        for (FormatKey key : keys) {
            ObjectNode value = value(key.value());
            // Draft 7 looks at nothing beside a reference.
            ObjectNode described = value.has("$ref") ? allOf(value) : value;
            properties.set(key.name(), described.put("description", key.description()));
            if (key.required()) {
                required.add(key.name());
            }
        }
        ObjectNode map = closed(properties);
        if (!required.isEmpty()) {
            map.set("required", required);
        }
        return map;
    }

    private static ObjectNode closed(ObjectNode properties) {
        ObjectNode map = object().put("type", "object").put("additionalProperties", false);
        map.set("properties", properties);
        return map;
    }

    private ObjectNode value(FormatKey.Value value) {
        if (value instanceof FormatKey.Plain plain) {
            return plain(plain.option());
        }
        if (value instanceof FormatKey.Nested nested) {
            ObjectNode map = map(nested.keys());
            return nested.word().isEmpty() ? map : anyOf(map, constant(nested.word()));
        }
        if (value instanceof FormatKey.OneComponent one) {
            return component(one.kind(), false);
        }
        if (value instanceof FormatKey.Components several) {
            return listOf(component(several.kind(), several.rows()));
        }
        if (value instanceof FormatKey.Words words) {
            return listOf(choice(words.known()));
        }
        if (value instanceof FormatKey.NumbersByName) {
            ObjectNode numbers = object().put("type", "object").put("minProperties", 1);
            numbers.set("additionalProperties", listOf(type("number")));
            return numbers;
        }
        return optionsOf(catalog.entries(Kind.OPTIMIZER), false);
    }

    /** A reference to what a component of a kind may be, which is defined once. */
    private ObjectNode component(Kind kind, boolean row) {
        String name = kind.word() + (row ? "-row" : "");
        if (!definitions.has(name)) {
            definitions.set(name, object());
            definitions.set(name, anyOf(name(kind), componentMap(kind, row)));
        }
        return object().put("$ref", REFERENCE + name);
    }

    private ObjectNode name(Kind kind) {
        ArrayNode names = MAPPER.createArrayNode();
        catalog.entries(kind).forEach(entry -> names.add(entry.factory().name()));
        ObjectNode exact = object();
        exact.set("enum", names);
        return catalog.families(kind).stream()
                .map(
                        family ->
                                object().put("type", "string")
                                        .put("pattern", "^" + family.name() + ":.+"))
                .reduce(exact, StudySchema::anyOf);
    }

    private ObjectNode componentMap(Kind kind, boolean row) {
        ObjectNode properties = object();
        for (Component.Source source : Component.Source.values()) {
            properties.set(
                    source.key(), source == Component.Source.NAME ? name(kind) : type("string"));
        }
        properties.set("options", type("object"));
        if (row) {
            properties.set("label", type("string"));
            properties.set("seeds", plain(Option.whole("seeds", "").atLeast(1)));
            properties.set("grid", grid());
            properties.set("tune", tune());
        }
        ObjectNode map = closed(properties);
        ArrayNode sources = map.putArray("oneOf");
        for (Component.Source source : Component.Source.values()) {
            sources.add(object().set("required", MAPPER.createArrayNode().add(source.key())));
        }
        ArrayNode byName = MAPPER.createArrayNode();
        catalog.entries(kind).forEach(entry -> byName.add(optionsWhereNamed(entry.factory())));
        if (!byName.isEmpty()) {
            map.set("allOf", byName);
        }
        return map;
    }

    private ObjectNode optionsWhereNamed(Named factory) {
        ObjectNode named = object();
        named.putObject("properties").putObject("name").put("const", factory.name());
        named.putArray("required").add("name");
        ObjectNode then = object();
        then.putObject("properties").set("options", options(factory.options(), true));
        if (factory.options().stream().anyMatch(Option::isRequired)) {
            then.putArray("required").add("options");
        }
        ObjectNode rule = object();
        rule.set("if", named);
        rule.set("then", then);
        return rule;
    }

    private static ObjectNode options(Collection<Option<?>> options, boolean whole) {
        ObjectNode properties = object();
        ArrayNode required = MAPPER.createArrayNode();
        for (Option<?> option : options) {
            properties.set(option.name(), plain(option).put("description", option.description()));
            if (option.isRequired() && whole) {
                required.add(option.name());
            }
        }
        ObjectNode map = closed(properties);
        if (!required.isEmpty()) {
            map.set("required", required);
        }
        return map;
    }

    private static ObjectNode optionsOf(Collection<Catalog.Entry> entries, boolean whole) {
        TreeMap<String, Option<?>> all = new TreeMap<>();
        entries.forEach(
                entry -> entry.factory().options().forEach(one -> all.put(one.name(), one)));
        return options(all.values(), whole);
    }

    private static ObjectNode grid() {
        ObjectNode lists = object().put("type", "object").put("minProperties", 1);
        lists.set("additionalProperties", listOf(object()));
        return lists;
    }

    private static ObjectNode tune() {
        ObjectNode other = object();
        other.set("as", type("string"));
        ObjectNode as = closed(other);
        as.putArray("required").add("as");
        ObjectNode lists = grid();
        lists.putObject("propertyNames").putObject("not").put("const", "as");
        return anyOf(as, lists);
    }

    private static ObjectNode plain(Option<?> option) {
        return switch (option.type()) {
            case NUMBER -> range(type("number"), option);
            case WHOLE -> range(type("integer"), option);
            case FLAG -> type("boolean");
            case TEXT, FILE -> type("string").put("minLength", 1);
            case CHOICE -> choice(option.choices());
            case NUMBERS -> listOf(range(type("number"), option));
            case TEXTS -> listOf(type("string"));
            case COLUMN -> column();
            case COLUMNS -> listOf(column());
            case TEXT_MAP -> {
                ObjectNode map = type("object");
                map.set("additionalProperties", type("string"));
                yield map;
            }
            case COMPONENT -> anyOf(type("string"), type("object"));
        };
    }

    private static ObjectNode column() {
        return anyOf(type("string").put("minLength", 1), type("integer"));
    }

    private static ObjectNode range(ObjectNode number, Option<?> option) {
        if (option.least() > Double.NEGATIVE_INFINITY) {
            number.put(option.excludesLeast() ? "exclusiveMinimum" : "minimum", option.least());
        }
        if (option.most() < Double.POSITIVE_INFINITY) {
            number.put(option.excludesMost() ? "exclusiveMaximum" : "maximum", option.most());
        }
        return number;
    }

    private static ObjectNode choice(List<String> words) {
        ObjectNode choice = object();
        words.forEach(choice.putArray("enum")::add);
        return choice;
    }

    private static ObjectNode constant(String word) {
        return object().put("const", word);
    }

    private static ObjectNode listOf(ObjectNode item) {
        ObjectNode list = type("array").put("minItems", 1);
        list.set("items", item);
        return list;
    }

    private static ObjectNode anyOf(ObjectNode one, ObjectNode other) {
        ObjectNode either = object();
        either.putArray("anyOf").add(one).add(other);
        return either;
    }

    private static ObjectNode allOf(ObjectNode one) {
        ObjectNode all = object();
        all.putArray("allOf").add(one);
        return all;
    }

    private static ObjectNode type(String name) {
        return object().put("type", name);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
