/*
 * Decodes a valid plan, then mutants of it, under the sanitizers: whatever the bytes are, the decoder answers and touches
 * nothing outside them.
 *
 *   plan_decode_fuzz PLAN_FILE SEED ROUNDS
 *
 * Prints how many mutants were accepted and refused; both must have happened for the run to mean anything.
 */
#include "../../main/c/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct plan plan;

static uint64_t state;

static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Reads every byte that the decoded plan promises, so that a sanitizer sees a field that reaches too far. */
static unsigned touch(void) {
    unsigned sum = 0;
    for (unsigned i = 0; i < plan.count; i++)
        for (unsigned j = 0; j < plan.steps[i].count; j++) {
            const struct field *field = &plan.steps[i].fields[j];
            for (uint32_t k = 0; k <= field->length; k++) sum += (unsigned char)field->bytes[k];
        }
    return sum;
}

static int decode_copy(const unsigned char *bytes, size_t length) {
    /* A fresh allocation of exactly this size: one byte beyond it is a report. */
    unsigned char *copy = malloc(length ? length : 1);
    if (!copy) exit(3);
    memcpy(copy, bytes, length);
    int accepted = plan_decode(&plan, copy, length) == NULL;
    if (accepted) touch();
    free(copy);
    return accepted;
}

static size_t mutate(unsigned char *bytes, size_t length) {
    unsigned changes = 1 + (unsigned)(next_random() % 4);
    for (unsigned i = 0; i < changes; i++) {
        size_t at = next_random() % length;
        switch (next_random() % 4) {
        case 0: bytes[at] = (unsigned char)next_random(); break;
        case 1: bytes[at] ^= (unsigned char)(1u << next_random() % 8); break;
        case 2: length = at + 1; break;
        default: bytes[at] = next_random() % 2 ? 0xff : 0; break;
        }
    }
    return length;
}

int main(int argc, char **argv) {
    static unsigned char original[1 << 16], mutant[1 << 16];
    if (argc != 4) return 2;
    FILE *file = fopen(argv[1], "rb");
    if (!file) return 2;
    size_t length = fread(original, 1, sizeof original, file);
    fclose(file);
    state = strtoull(argv[2], NULL, 10) | 1;
    if (!decode_copy(original, length)) {
        printf("the valid plan was refused: %s\n", plan_decode(&plan, original, length));
        return 1;
    }
    unsigned long accepted = 0, refused = 0, rounds = strtoul(argv[3], NULL, 10);
    for (unsigned long round = 0; round < rounds; round++) {
        memcpy(mutant, original, length);
        if (decode_copy(mutant, mutate(mutant, length)))
            accepted++;
        else
            refused++;
    }
    printf("accepted %lu refused %lu\n", accepted, refused);
    return accepted && refused ? 0 : 1;
}
