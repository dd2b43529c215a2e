#include "server/session/key_ring.hpp"

#include "server/base/base64url.hpp"
#include "server/base/crypto.hpp"

namespace cadenza::server {
namespace {

// Keys are only ever used through one derived for the purpose.
std::string key_for(const SealingKey& key, std::string_view purpose) {
    return hkdf(key.bytes.reveal(), "cadenza", purpose);
}

}  // namespace

std::vector<std::string> KeyRing::ids() const {
    std::vector<std::string> out;
    out.reserve(keys_.size());
    for (const auto& key : keys_) out.push_back(key.id);
    return out;
}

KeyRing KeyRing::fresh() { return KeyRing({{"0", Secret(random_bytes(32))}}); }

std::string KeyRing::seal(std::string_view plain, std::string_view purpose) const {
    const auto& key = keys_.front();
    return key.id + "." + to_base64url(server::seal(key_for(key, purpose), plain, purpose));
}

std::optional<std::string> KeyRing::open(std::string_view sealed, std::string_view purpose) const {
    const auto dot = sealed.find('.');
    if (dot == sealed.npos) return std::nullopt;
    const auto bytes = from_base64url(sealed.substr(dot + 1));
    if (!bytes) return std::nullopt;
    const auto id = sealed.substr(0, dot);
    for (const auto& key : keys_) {
        if (key.id != id) continue;
        auto opened = server::open(key_for(key, purpose), *bytes, purpose);
        observer_(id, opened ? "ok" : "refused");
        return opened;
    }
    observer_(id, "unknown_key");
    return std::nullopt;
}

}  // namespace cadenza::server
