#include "plan.h"

#include <string.h>

/* What each step must look like: N a number, S a string, a trailing * any number of further fields of that kind. */
static const char *shape(uint16_t op) {
    switch ((enum op)op) {
    case OP_SUPERVISE: return "SNNNS";
    case OP_CLONE: return "NS";
    case OP_MAP_IDS: return "NN";
    case OP_ROOT_OVERLAY: return "SNNNN";
    case OP_OUTPUT_OWNER: return "NN";
    case OP_ATTACH_LINK: return "SSN";
    case OP_JOIN: return "NSN";
    case OP_OOM_GROUP: return "SS";
    case OP_LEASE: return "SN";
    case OP_JOIN_GROUPS: return "S*";
    case OP_SUPERVISOR_GROUPS: return "S*";
    case OP_MAKE_DIRECTORY: return "SN";
    case OP_MOUNT: return "SSNS*";
    case OP_DEVICE: return "SNN";
    case OP_SYMLINK: return "SS";
    case OP_MASK:
    case OP_READ_ONLY:
    case OP_HOSTNAME:
    case OP_WORKDIR:
    case OP_CONFIGURE_LINKS:
    case OP_SECCOMP: return "S";
    case OP_RLIMIT: return "NNN";
    case OP_OOM_SCORE:
    case OP_BOUND_CAPABILITIES:
    case OP_CAPABILITIES: return "N";
    case OP_USER: return "NNN*";
    case OP_EXEC: return "NNSS*";
    case OP_STREAMS: return "NNNNNN";
    case OP_BECOME_ROOT:
    case OP_MOUNTS_PRIVATE:
    case OP_ROOT_ATTACH:
    case OP_PIVOT:
    case OP_CHROOT:
    case OP_AWAIT_GROUPS:
    case OP_CGROUP_NAMESPACE:
    case OP_NO_NEW_PRIVILEGES:
    case OP_RESOURCE_LIMITS_OF_INIT:
    case OP_PARK: return "";
    }
    return NULL;
}

static int shape_holds(const struct step *step, const char *want) {
    unsigned index = 0;
    for (; *want; want++) {
        int repeated = want[1] == '*';
        do {
            if (index == step->count) return repeated;
            if (*want == 'N' && step->fields[index].length != 8) return 0;
            index++;
        } while (repeated);
    }
    return index == step->count;
}

struct cursor {
    const unsigned char *at, *end;
};

static int take(struct cursor *cursor, void *out, size_t size) {
    if ((size_t)(cursor->end - cursor->at) < size) return 0;
    memcpy(out, cursor->at, size);
    cursor->at += size;
    return 1;
}

static const char *take_field(struct cursor *cursor, struct field *field) {
    if (!take(cursor, &field->length, sizeof field->length)) return "field: cut short";
    if ((size_t)(cursor->end - cursor->at) <= field->length) return "field: longer than the plan";
    field->bytes = (const char *)cursor->at;
    cursor->at += field->length;
    if (*cursor->at++ != 0) return "field: no NUL behind it";
    return NULL;
}

static const char *take_step(struct cursor *cursor, struct plan *plan, unsigned *used) {
    struct step *step = &plan->steps[plan->count];
    if (!take(cursor, &step->op, 2) || !take(cursor, &step->count, 2)) return "step: cut short";
    if (step->count > PLAN_MAX_FIELDS - *used) return "step: too many fields";
    step->fields = plan->fields + *used;
    for (unsigned i = 0; i < step->count; i++) {
        const char *wrong = take_field(cursor, &plan->fields[(*used)++]);
        if (wrong) return wrong;
    }
    const char *want = shape(step->op & (uint16_t)~PLAN_OPTIONAL);
    if (!want) return step->op & PLAN_OPTIONAL ? NULL : "step: unknown";
    if (!shape_holds(step, want)) return "step: wrong fields";
    step->op &= (uint16_t)~PLAN_OPTIONAL;
    plan->count++;
    return NULL;
}

const char *plan_decode(struct plan *plan, const unsigned char *bytes, size_t length) {
    struct cursor cursor = {bytes, bytes + length};
    uint32_t magic;
    uint16_t version, steps;
    unsigned used = 0;
    plan->count = 0;
    if (!take(&cursor, &magic, 4) || !take(&cursor, &version, 2) || !take(&cursor, &steps, 2)) return "header: cut short";
    if (magic != PLAN_MAGIC) return "header: not a launch plan";
    if (version != PLAN_VERSION) return "header: unknown version";
    if (steps > PLAN_MAX_STEPS) return "header: too many steps";
    for (unsigned i = 0; i < steps; i++) {
        const char *wrong = take_step(&cursor, plan, &used);
        if (wrong) return wrong;
    }
    return cursor.at == cursor.end ? NULL : "plan: bytes left over";
}

const struct step *plan_find(const struct plan *plan, enum op op) {
    for (unsigned i = 0; i < plan->count; i++)
        if (plan->steps[i].op == op) return &plan->steps[i];
    return NULL;
}

uint64_t plan_number(const struct step *step, unsigned field) {
    uint64_t number;
    memcpy(&number, step->fields[field].bytes, sizeof number);
    return number;
}
