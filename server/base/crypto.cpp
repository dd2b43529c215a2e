#include "server/base/crypto.hpp"

#include "server/base/base64url.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace cadenza::server {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t key_size = 32;

[[noreturn]] void die(const char* what) {
    std::fprintf(stderr, "fatal: %s failed\n", what);
    std::abort();
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
// OpenSSL takes a null key for no key at all, even one of no bytes.
const char* not_null(std::string_view text) { return text.empty() ? "" : text.data(); }
int int_size(std::string_view text) { return static_cast<int>(text.size()); }

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

// Looked up once: OpenSSL 3 takes locks and memory for each look.
const EVP_MD* sha256_digest() {
    static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return found ? found : EVP_sha256();
}
const EVP_CIPHER* aes_256_gcm() {
    static const EVP_CIPHER* const found = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    return found ? found : EVP_aes_256_gcm();
}

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

struct FreeMac {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Mac = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

// HMAC-SHA-256 without a key yet.
Mac new_hmac() {
    EVP_MAC* found = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
    Mac out(found ? EVP_MAC_CTX_new(found) : nullptr);
    EVP_MAC_free(found);  // the context holds it
    std::string digest = OSSL_DIGEST_NAME_SHA2_256;
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    if (!out || EVP_MAC_CTX_set_params(out.get(), parameters.data()) != 1) die("HMAC");
    return out;
}

}  // namespace

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(bytes_of(out), static_cast<int>(count)) != 1) die("RAND_bytes");
    return out;
}

std::string random_token(std::size_t count) { return to_base64url(random_bytes(count)); }

std::string sha256(std::string_view bytes) {
    thread_local const Digest context(EVP_MD_CTX_new());
    std::string out(32, '\0');
    unsigned size = 0;
    if (!context || EVP_DigestInit_ex(context.get(), sha256_digest(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), bytes_of(out), &size) != 1)
        die("SHA-256");
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    // Each thread's own, and keyed anew for every call.
    thread_local const Mac context(new_hmac());
    std::string out(32, '\0');
    std::size_t size = 0;
    const auto* key_bytes = reinterpret_cast<const unsigned char*>(not_null(key));
    if (EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) != 1 ||
        EVP_MAC_update(context.get(), bytes_of(bytes), bytes.size()) != 1 ||
        EVP_MAC_final(context.get(), bytes_of(out), &size, out.size()) != 1)
        die("HMAC");
    return out;
}

std::string hkdf(std::string_view key, std::string_view salt, std::string_view info) {
    const auto pseudo_random_key = hmac_sha256(salt, key);
    return hmac_sha256(pseudo_random_key, std::string(info) + '\x01');
}

std::string seal(std::string_view key, std::string_view plain, std::string_view purpose) {
    if (key.size() != key_size) die("seal: key size");
    auto out = random_bytes(nonce_size);
    out.resize(nonce_size + plain.size() + tag_size);
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    auto* body = bytes_of(out) + nonce_size;
    if (!cipher ||
        EVP_EncryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, bytes_of(key), bytes_of(out)) != 1 ||
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(purpose), int_size(purpose)) != 1 ||
        EVP_EncryptUpdate(cipher.get(), body, &size, bytes_of(plain), int_size(plain)) != 1 ||
        EVP_EncryptFinal_ex(cipher.get(), body + size, &size) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_size, body + plain.size()) != 1)
        die("AES-GCM");
    return out;
}

std::optional<std::string> open(std::string_view key, std::string_view sealed, std::string_view purpose) {
    if (key.size() != key_size || sealed.size() < nonce_size + tag_size) return std::nullopt;
    const auto body = sealed.substr(nonce_size, sealed.size() - nonce_size - tag_size);
    std::string tag(sealed.substr(sealed.size() - tag_size));
    std::string out(body.size(), '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int size = 0;
    if (!cipher ||
        EVP_DecryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, bytes_of(key), bytes_of(sealed)) != 1 ||
        EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(purpose), int_size(purpose)) != 1 ||
        EVP_DecryptUpdate(cipher.get(), bytes_of(out), &size, bytes_of(body), int_size(body)) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) != 1 ||
        EVP_DecryptFinal_ex(cipher.get(), bytes_of(out) + size, &size) != 1)
        return std::nullopt;
    return out;
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cadenza::server
