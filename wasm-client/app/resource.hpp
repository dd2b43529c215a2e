#pragma once

// What the backend answered to reads, by address ("/api/albums/…"). One kind of record for every type of
// answer: the codec's tables know how to read each.

#include "shared/api/problem.hpp"
#include "shared/base/json.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace cadenza::client {

// A type of answer.
struct Shape {
    const json::Type* type;
    std::shared_ptr<void> (*make)();
};
template <class T>
inline constexpr Shape shape_of{&json::type_of<T>,
                                [] { return std::shared_ptr<void>(std::make_shared<T>()); }};

// Why something could not be had.
struct Trouble {
    std::optional<Problem> problem;  // absent: the backend was not reached
    bool operator==(const Trouble&) const = default;
};

struct Resource {
    const Shape* shape{};
    std::shared_ptr<const void> value;  // null until something came
    std::int64_t at{};                  // when `value` was what the backend said, since 1970
    std::int64_t asked_at{};            // when the last request for it began
    bool keep{};                        // on this device too
    bool stored{};                      // it came from this device
    std::int32_t fetching{};            // request id, 0: not under way
    std::int32_t reading{};             // the same for the device's store
    bool stale{};                       // ask again when it is needed next
    std::optional<Trouble> trouble;     // of the last request
};

class Resources {
public:
    // nullptr: not there, or not yet.
    template <class T>
    const T* get(const std::string& address) const {
        const auto* resource = find(address);
        return resource && resource->shape == &shape_of<T> ? static_cast<const T*>(resource->value.get())
                                                           : nullptr;
    }
    const Resource* find(const std::string& address) const {
        const auto found = by_address_.find(address);
        return found == by_address_.end() ? nullptr : &found->second;
    }
    Resource& at(const std::string& address) { return by_address_[address]; }
    // Everything whose address begins so is asked for again when it is needed next.
    void mark_stale(std::string_view prefix);
    // What failed is stale: the listener wants it now.
    void mark_troubled_stale();
    // Failed requests are tried again when they are needed next.
    void forget_troubles();
    void clear() { by_address_.clear(); }
    auto begin() const { return by_address_.begin(); }
    auto end() const { return by_address_.end(); }

private:
    std::map<std::string, Resource> by_address_;
};

// What a page needs. `keep`: also on this device, for when there is no network.
struct Need {
    std::string address;
    const Shape* shape{};
    bool keep{true};
    std::int64_t fresh_ms{5 * 60'000};  // asked again when older
};

}  // namespace cadenza::client
