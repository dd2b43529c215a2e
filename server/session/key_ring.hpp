#pragma once

#include "server/config.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cadenza::server {

// Seals with its first key and opens with any, so that keys can be replaced one after the other: what the
// first key did not seal is sealed anew when it is next written.
//
// "<key id>.<base64url>", fit for a cookie: a version byte, then AES-256-GCM under a key derived (HKDF) for
// the purpose. Version, key id and purpose are authenticated with it.
class KeyRing {
public:
    struct Opened {
        std::string plain;
        bool by_first{};  // false: seal it anew
    };

    // `keys` must not be empty.
    explicit KeyRing(std::vector<SealingKey> keys) : keys_(std::move(keys)) {}
    // One key that lives as long as the process.
    static KeyRing fresh();

    // Told of every attempt to open: the key it names, and "ok", "unknown_key" or "refused".
    using Observer = std::function<void(std::string_view id, std::string_view outcome)>;
    void watch(Observer observer) { observer_ = std::move(observer); }

    // `purpose` is needed again to open it.
    std::string seal(std::string_view plain, std::string_view purpose) const;
    // nullopt: not ours, of a key no longer here, for another purpose, or altered.
    std::optional<Opened> unseal(std::string_view sealed, std::string_view purpose) const;
    std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;

    // From now on these; `keys` must not be empty.
    void reload(std::vector<SealingKey> keys) {
        keys_ = std::move(keys);
        ++generation_;
    }
    // Another after every reload(): what was opened before need not open again.
    std::uint64_t generation() const noexcept { return generation_; }
    // The sealing one's first.
    std::vector<std::string> ids() const;

private:
    std::vector<SealingKey> keys_;
    std::uint64_t generation_{};
    Observer observer_{[](std::string_view, std::string_view) {}};
};

}  // namespace cadenza::server
