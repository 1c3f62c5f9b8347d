/* The limit: as many threads as asked for, each with open, read and libcrypto, and nothing else.
 *
 *     find data -type f -print0 | hashloop THREADS ALGORITHM
 *
 * prints one line for each file, as sha256sum does. It compares nothing and walks nothing. */
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 256 * 1024, MAX_THREADS = 64 };

static char **paths;
static size_t count;
static atomic_size_t next_path;
static atomic_int failed;
static const EVP_MD *algorithm;

static int hash_file(EVP_MD_CTX *context, unsigned char *block, const char *path)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    unsigned int length = 0;
    ssize_t got = -1;
    int file = open(path, O_RDONLY);
    if (file < 0 || !EVP_DigestInit_ex(context, algorithm, NULL))
        return 0;
    while ((got = read(file, block, BLOCK_BYTES)) > 0)
        EVP_DigestUpdate(context, block, (size_t)got);
    close(file);
    if (got < 0 || !EVP_DigestFinal_ex(context, digest, &length))
        return 0;
    for (unsigned int i = 0; i < length; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hex[2 * length] = 0;
    printf("%s  %s\n", hex, path); /* one call holds the stream's lock: lines stay whole */
    return 1;
}

static void *work(void *unused)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *block = malloc(BLOCK_BYTES);
    for (size_t i; (i = atomic_fetch_add(&next_path, 1)) < count;)
        if (!context || !block || !hash_file(context, block, paths[i])) {
            fprintf(stderr, "hashloop: cannot hash %s\n", paths[i]);
            atomic_store(&failed, 1);
        }
    free(block);
    EVP_MD_CTX_free(context);
    return unused;
}

static void read_paths(void)
{
    char *path = NULL;
    size_t room = 0, slots = 0;
    while (getdelim(&path, &room, 0, stdin) > 0) {
        if (count == slots && !(paths = realloc(paths, (slots = slots ? 2 * slots : 1024) * sizeof *paths)))
            exit(2);
        if (!(paths[count++] = strdup(path)))
            exit(2);
    }
}

int main(int argc, char **argv)
{
    pthread_t threads[MAX_THREADS];
    int wanted = argc == 3 ? atoi(argv[1]) : 0;
    algorithm = argc == 3 ? EVP_get_digestbyname(argv[2]) : NULL;
    if (wanted < 1 || wanted > MAX_THREADS || !algorithm)
        return 2;
    read_paths();
    for (int i = 0; i < wanted; i++)
        if (pthread_create(&threads[i], NULL, work, NULL))
            return 2;
    for (int i = 0; i < wanted; i++)
        pthread_join(threads[i], NULL);
    return atomic_load(&failed);
}
