#include "server/session/key_ring.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"

namespace cadenza::server {
namespace {

constexpr char format_version = 1;

// Keys are only ever used through one derived for the purpose.
std::string key_for(const SealingKey& key, std::string_view purpose) {
    return hkdf(key.bytes.reveal(), "cadenza", purpose);
}

// What is authenticated and not stored in the sealed part.
std::string context(const SealingKey& key, std::string_view purpose) {
    return format_version + key.id + "." + std::string(purpose);
}

}  // namespace

KeyRing KeyRing::fresh() { return KeyRing({{"0", Secret(random_bytes(32))}}); }

std::string KeyRing::seal(std::string_view plain, std::string_view purpose) const {
    const auto& key = keys_.front();
    const auto sealed = server::seal(key_for(key, purpose), plain, context(key, purpose));
    return key.id + "." + to_base64url(format_version + sealed);
}

std::optional<KeyRing::Opened> KeyRing::unseal(std::string_view sealed, std::string_view purpose) const {
    const auto dot = sealed.find('.');
    if (dot == sealed.npos) return std::nullopt;
    const auto bytes = from_base64url(sealed.substr(dot + 1));
    if (!bytes || bytes->empty() || bytes->front() != format_version) return std::nullopt;
    const auto id = sealed.substr(0, dot);
    for (const auto& key : keys_) {
        if (key.id != id) continue;
        auto plain = server::open(key_for(key, purpose), bytes->substr(1), context(key, purpose));
        observer_(id, plain ? "ok" : "refused");
        if (!plain) return std::nullopt;
        return Opened{std::move(*plain), &key == &keys_.front()};
    }
    observer_(id, "unknown_key");
    return std::nullopt;
}

std::optional<std::string> KeyRing::open(std::string_view sealed, std::string_view purpose) const {
    auto opened = unseal(sealed, purpose);
    if (!opened) return std::nullopt;
    return std::move(opened->plain);
}

std::vector<std::string> KeyRing::ids() const {
    std::vector<std::string> out;
    out.reserve(keys_.size());
    for (const auto& key : keys_) out.push_back(key.id);
    return out;
}

}  // namespace cadenza::server
