package dev.landlord.controlplane.web;

import com.fasterxml.jackson.annotation.Nulls;
import dev.landlord.api.problem.Problem.FieldError;
import dev.landlord.api.problem.ProblemCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads what people send. Nothing is guessed: unknown fields, wrong types, double fields, deep nesting and anything after
 * the document are refused, each with a pointer to the place. Forms are records with nullable components; null in JSON is
 * the same as absent.
 */
public final class StrictJson {
    private static final int DEPTH_MAX = 16;
    private static final int NUMBER_MAX = 32;
    private static final int NAME_MAX = 512;
    private static final int SHOWN_MAX = 80;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(NUMBER_MAX)
                            .maxNameLength(NAME_MAX)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
            .build();

    private StrictJson() {}

    /**
     * Reads one object.
     *
     * @param unbuilt pointers of fields that the product knows but does not have yet
     * @throws ProblemException malformed-body, unknown-field, unsupported-field or invalid-field
     */
    public static <T> T read(byte @Nullable [] body, Class<T> form, Set<String> unbuilt) {
        if (body == null || body.length == 0) {
            throw malformed("is empty; a JSON object is needed");
        }
        T read;
        try {
            read = MAPPER.readValue(body, form);
        } catch (UnrecognizedPropertyException unknown) {
            throw unknown(pointer(unknown), unbuilt);
        } catch (InputCoercionException outOfRange) {
            throw ProblemException.invalidField(pointer(outOfRange), "is too large a number");
        } catch (MismatchedInputException mismatch) {
            throw mismatch(mismatch);
        } catch (StreamReadException syntax) {
            throw malformed("is not JSON as it must be" + place(syntax) + ": " + syntax.getOriginalMessage());
        } catch (StreamConstraintsException tooMuch) {
            throw malformed("is nested too deep, or has too long a number or name" + place(tooMuch));
        } catch (JacksonException failure) {
            throw malformed("cannot be read" + place(failure));
        }
        if (read == null) {
            throw malformed("must be a JSON object");
        }
        return read;
    }

    /** One step of a JSON pointer (RFC 6901), cut to a length that may be shown. */
    static String escape(String step) {
        String shown = step.length() <= SHOWN_MAX ? step : step.substring(0, SHOWN_MAX);
        return shown.replace("~", "~0").replace("/", "~1");
    }

    private static ProblemException unknown(String pointer, Set<String> unbuilt) {
        String field = pointer.substring(1).replace('/', '.');
        if (unbuilt.contains(pointer)) {
            String rule = "is not supported by this version";
            return new ProblemException(
                    ProblemCode.UNSUPPORTED_FIELD, field + ": " + rule, List.of(new FieldError(pointer, rule)));
        }
        String rule = "is not a field that exists here";
        return new ProblemException(
                ProblemCode.UNKNOWN_FIELD, field + ": " + rule, List.of(new FieldError(pointer, rule)));
    }

    private static ProblemException mismatch(MismatchedInputException mismatch) {
        if (mismatch.getPath().isEmpty()) {
            return malformed("must be one JSON object and nothing after it");
        }
        return ProblemException.invalidField(pointer(mismatch), "must be " + expected(mismatch.getTargetType()));
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type == Integer.class || type == Long.class) {
            return "a whole number";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a string";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list without nulls";
        }
        return Map.class.isAssignableFrom(type) ? "an object without nulls" : "an object";
    }

    private static String pointer(JacksonException failure) {
        return failure.getPath().stream()
                .map(step -> step.getPropertyName() == null
                        ? String.valueOf(step.getIndex())
                        : escape(step.getPropertyName()))
                .collect(Collectors.joining("/", "/", ""));
    }

    private static String place(JacksonException failure) {
        var location = failure.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static ProblemException malformed(String rule) {
        return new ProblemException(ProblemCode.MALFORMED_BODY, "the body " + rule);
    }
}
