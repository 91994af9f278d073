/* Runs a byte net with ONNX Runtime's C interface over fixed byte sequences and prints the hashes of logits and frequencies.
   The same as LinkCodec.Exactness without .NET, so that it runs on emulated processors that .NET does not run on.
   usage: driver LIBRARY SNAPSHOT_FOLDER SEQUENCES STEPS BATCH [OPTIMISATION: 0 off, 1 basic, 2 extended, 99 all] */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "onnxruntime_c_api.h"

enum { SYMBOLS = 257, START = 256, BITS = 20, ENTRIES = 1024, MAX_STATES = 64 };

static const OrtApi *api;
static uint32_t table[ENTRIES];

static void fail(const char *what) {
    fprintf(stderr, "driver: %s\n", what);
    exit(1);
}

static void must(OrtStatus *status) {
    if (status) fail(api->GetErrorMessage(status));
}

static void *zeroed(size_t count, size_t size) {
    void *p = calloc(count, size);
    if (!p) fail("out of memory");
    return p;
}

/* FNV-1a over the row's bytes; every machine here is little-endian. */
static void add(uint64_t *hash, const void *row, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) *hash = (*hash ^ ((const uint8_t *)row)[i]) * 1099511628211ull;
}

/* Even sequences stay near letters, odd ones use every byte. */
static int64_t symbol(uint32_t sequence, uint32_t step) {
    uint32_t x = sequence * 7919 + step * 104729 + 12345;
    x = (x ^ (x >> 16)) * 0x7feb352d;
    x = (x ^ (x >> 15)) * 0x846ca68b;
    x ^= x >> 16;
    return sequence % 2 == 0 ? 32 + x % 96 : x % 256;
}

/* Weights by distance from the best logit, then the quantiser of protocol-spec/05-coding.md. */
static void frequencies(const int32_t *logits, uint32_t *out) {
    int64_t best = logits[0];
    uint64_t before[SYMBOLS + 1] = {0};
    for (int i = 1; i < SYMBOLS; i++) best = logits[i] > best ? logits[i] : best;
    for (int i = 0; i < SYMBOLS; i++) {
        int64_t distance = best - logits[i];
        before[i + 1] = before[i] + table[distance < ENTRIES ? distance : ENTRIES - 1];
    }
    for (int i = 0; i < SYMBOLS; i++) {
        uint64_t scale = (1u << BITS) - SYMBOLS, all = before[SYMBOLS];
        out[i] = (uint32_t)(before[i + 1] * scale / all - before[i] * scale / all + 1);
    }
}

static void read_table(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/weights-table.bin", folder);
    FILE *f = fopen(path, "rb");
    if (!f || fread(table, sizeof *table, ENTRIES, f) != ENTRIES) fail("cannot read the weights table");
    fclose(f);
}

static OrtSession *open_session(const char *library, const char *folder, int optimisation) {
    void *handle = dlopen(library, RTLD_NOW);
    if (!handle) fail(dlerror());
    const OrtApiBase *(*base)(void) = (const OrtApiBase *(*)(void))dlsym(handle, "OrtGetApiBase");
    api = base ? base()->GetApi(ORT_API_VERSION) : NULL;
    if (!api) fail("the library is older than the header");
    OrtEnv *env;
    OrtSessionOptions *options;
    OrtSession *session;
    char path[4096];
    snprintf(path, sizeof path, "%s/model.onnx", folder);
    must(api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "driver", &env));
    must(api->CreateSessionOptions(&options));
    must(api->SetIntraOpNumThreads(options, 1));
    must(api->SetSessionGraphOptimizationLevel(options, (GraphOptimizationLevel)optimisation));
    must(api->CreateSession(env, path, options, &session));
    return session;
}

static int width_of(OrtSession *session) {
    OrtTypeInfo *info;
    const OrtTensorTypeAndShapeInfo *shape;
    int64_t dimensions[2];
    must(api->SessionGetInputTypeInfo(session, 1, &info));
    must(api->CastTypeInfoToTensorInfo(info, &shape));
    must(api->GetDimensions(shape, dimensions, 2));
    api->ReleaseTypeInfo(info);
    return (int)dimensions[1];
}

int main(int argc, char **argv) {
    if (argc < 6) fail("usage: driver LIBRARY SNAPSHOT_FOLDER SEQUENCES STEPS BATCH [OPTIMISATION]");
    int sequences = atoi(argv[3]), steps = atoi(argv[4]), batch = atoi(argv[5]);
    OrtSession *session = open_session(argv[1], argv[2], argc > 6 ? atoi(argv[6]) : 0);
    read_table(argv[2]);
    size_t inputs;
    must(api->SessionGetInputCount(session, &inputs));
    int states = (int)inputs - 1, width = width_of(session);
    if (states < 1 || states > MAX_STATES || width < 1) fail("not a byte net");

    char names[2][MAX_STATES + 1][16] = {{"tokens"}, {"logits"}};
    const char *in[MAX_STATES + 1], *out[MAX_STATES + 1];
    for (int k = 0; k <= states; k++) {
        if (k) snprintf(names[0][k], 16, "s%d", k - 1), snprintf(names[1][k], 16, "n%d", k - 1);
        in[k] = names[0][k], out[k] = names[1][k];
    }

    OrtMemoryInfo *memory;
    must(api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory));
    uint64_t *hashes[2] = {zeroed(sequences, 8), zeroed(sequences, 8)};
    int64_t *tokens = zeroed(batch, sizeof *tokens);
    int32_t *logits = zeroed((size_t)batch * SYMBOLS, sizeof *logits);
    size_t floats = (size_t)batch * width;
    float *before = zeroed(floats * states, sizeof *before), *after = zeroed(floats * states, sizeof *after);

    for (int first = 0; first < sequences; first += batch) {
        int rows = sequences - first < batch ? sequences - first : batch;
        memset(before, 0, floats * states * sizeof *before);
        for (int step = -1; step < steps; step++) {
            int64_t one[] = {rows}, state[] = {rows, width}, row[] = {rows, SYMBOLS};
            OrtValue *from[MAX_STATES + 1], *to[MAX_STATES + 1];
            for (int lane = 0; lane < rows; lane++) tokens[lane] = step < 0 ? START : symbol(first + lane, step);
            must(api->CreateTensorWithDataAsOrtValue(memory, tokens, 8 * rows, one, 1, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, &from[0]));
            must(api->CreateTensorWithDataAsOrtValue(memory, logits, 4 * rows * SYMBOLS, row, 2, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, &to[0]));
            for (int k = 0; k < states; k++) {
                size_t bytes = sizeof(float) * rows * width;
                must(api->CreateTensorWithDataAsOrtValue(memory, before + k * floats, bytes, state, 2, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &from[k + 1]));
                must(api->CreateTensorWithDataAsOrtValue(memory, after + k * floats, bytes, state, 2, ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, &to[k + 1]));
            }
            must(api->Run(session, NULL, in, (const OrtValue *const *)from, inputs, out, inputs, to));
            for (size_t k = 0; k < inputs; k++) api->ReleaseValue(from[k]), api->ReleaseValue(to[k]);
            float *swap = before;
            before = after, after = swap;
            for (int lane = 0; lane < rows; lane++) {
                uint32_t row_frequencies[SYMBOLS];
                frequencies(logits + lane * SYMBOLS, row_frequencies);
                for (int h = 0; h < 2; h++) {
                    uint64_t *hash = &hashes[h][first + lane];
                    if (step < 0) *hash = 14695981039346656037ull;
                    add(hash, h ? (const void *)row_frequencies : (const void *)(logits + lane * SYMBOLS), 4 * SYMBOLS);
                }
            }
        }
    }

    uint64_t all[2] = {14695981039346656037ull, 14695981039346656037ull};
    for (int h = 0; h < 2; h++) add(&all[h], hashes[h], 8 * (size_t)sequences);
    printf("logits=%016llx frequencies=%016llx\n", (unsigned long long)all[0], (unsigned long long)all[1]);
    return 0;
}
