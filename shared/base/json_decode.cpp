// The decoder: one state machine over the tokens of a text and the tables of json_table.hpp.

#include "shared/base/json.hpp"
#include "shared/base/json_tokenizer.hpp"

#include <algorithm>
#include <vector>

namespace cadenza::json {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_place_key = 40;  // bytes of a foreign key that we repeat in an error

// An object, array or choice being read.
struct Frame {
    const Type* type{};
    void* target{};
    std::size_t depth{};     // open brackets, its own included
    std::size_t index{};     // of an array: entries begun so far
    std::uint64_t seen{};    // of an object or choice: bit i for field i
    std::string_view key{};  // of an object or choice: the field being read
};

// Where the next value goes.
struct Slot {
    const Type* type;
    void* target;
};

class Decoder {
public:
    Decoder(const Type& type, void* out, UnknownFields unknown) : root_{&type, out}, unknown_(unknown) {
        frames_.reserve(8);
    }

    Error take_error() { return std::move(error_); }

    bool null() {
        if (skips_scalar()) return true;
        const auto slot = next_slot();
        if (slot.type->kind == Kind::optional || (slot.type->kind == Kind::array && slot.type->min == 0))
            return true;
        return fail(Errc::schema_mismatch, expected(*slot.type));
    }

    bool boolean(bool value) {
        if (skips_scalar()) return true;
        const auto slot = next_value_slot();
        if (slot.type->kind != Kind::boolean) return fail(Errc::schema_mismatch, expected(*slot.type));
        slot.type->set_boolean(slot.target, value);
        return true;
    }

    bool number_integer(std::int64_t value) {
        if (skips_scalar()) return true;
        return integer(next_value_slot(), value);
    }

    bool number_unsigned(std::uint64_t value) {
        if (skips_scalar()) return true;
        const auto slot = next_value_slot();
        if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
            if (slot.type->kind != Kind::integer) return fail(Errc::schema_mismatch, expected(*slot.type));
            return fail(Errc::invalid_value, "integer out of range");
        }
        return integer(slot, static_cast<std::int64_t>(value));
    }

    // Spotify has sent whole numbers as 1234.0; anything with a fraction is refused.
    bool number_float(double value) {
        if (skips_scalar()) return true;
        const auto slot = next_value_slot();
        constexpr double exact = 9007199254740992.0;  // 2^53
        if (!(value >= -exact && value <= exact) ||
            value != static_cast<double>(static_cast<std::int64_t>(value)))
            return fail(Errc::schema_mismatch, expected(*slot.type));
        return integer(slot, static_cast<std::int64_t>(value));
    }

    bool string(std::string_view value) {
        if (skips_scalar()) return true;
        const auto slot = next_value_slot();
        if (slot.type->kind != Kind::text && slot.type->kind != Kind::enumeration)
            return fail(Errc::schema_mismatch, expected(*slot.type));
        const auto status = slot.type->set_text(slot.target, value);
        return status ? true : fail(status.error().code, status.error().detail);
    }

    bool start_object(std::size_t) { return start(Kind::object); }
    bool start_array(std::size_t) { return start(Kind::array); }

    bool key(std::string_view name) {
        if (skip_ > 0) return true;
        auto& frame = frames_.back();
        return frame.type->kind == Kind::choice ? choose(frame, name) : enter(frame, name);
    }

    bool end_object() {
        --depth_;
        if (skip_ > 0) return --skip_, true;
        const auto frame = frames_.back();
        frames_.back().key = {};
        if (frame.type->kind == Kind::choice) {
            if (frame.seen == 0) return fail(Errc::schema_mismatch, "exactly one key expected");
        } else {
            for (std::size_t i = 0; i < frame.type->fields.size(); ++i) {
                const auto& field = frame.type->fields[i];
                if (!field.required || (frame.seen >> i & 1) != 0) continue;
                frames_.back().key = field.name;
                return fail(Errc::schema_mismatch, "missing");
            }
            if (frame.type->validate) {
                if (const auto status = frame.type->validate(frame.target); !status)
                    return fail(status.error().code, status.error().detail);
            }
        }
        frames_.pop_back();
        return true;
    }

    bool end_array() {
        --depth_;
        if (skip_ > 0) return --skip_, true;
        const auto frame = frames_.back();
        frames_.pop_back();
        if (json::holds(*frame.type, frame.type->size(frame.target))) return true;
        return fail(Errc::invalid_value, json::expected_count(*frame.type));
    }

    bool not_json(std::size_t position) {
        error_ = {Errc::malformed_json, "not JSON, at byte " + std::to_string(position)};
        return false;
    }

private:
    static std::string_view expected(const Type& type) {
        switch (type.kind) {
            case Kind::boolean: return "boolean expected";
            case Kind::integer: return "integer expected";
            case Kind::text:
            case Kind::enumeration: return "string expected";
            case Kind::array: return "array expected";
            case Kind::object:
            case Kind::choice: return "object expected";
            case Kind::optional: return expected(*type.element);
        }
        return "";
    }

    bool skips_scalar() {
        if (skip_ > 0) return true;
        return std::exchange(ignore_next_, false);
    }

    Slot next_slot() {
        if (frames_.empty()) return root_;
        auto& frame = frames_.back();
        if (frame.type->kind != Kind::array) return field_;
        ++frame.index;
        return {frame.type->element, frame.type->grow(frame.target)};
    }

    // For anything but null: what an optional holds.
    Slot next_value_slot() {
        auto slot = next_slot();
        while (slot.type->kind == Kind::optional) slot = {slot.type->element, slot.type->grow(slot.target)};
        return slot;
    }

    bool integer(Slot slot, std::int64_t value) {
        if (slot.type->kind != Kind::integer) return fail(Errc::schema_mismatch, expected(*slot.type));
        if (value < slot.type->min || value > slot.type->max)
            return fail(Errc::invalid_value, "integer out of range");
        slot.type->set_integer(slot.target, value);
        return true;
    }

    bool start(Kind kind) {
        if (++depth_ > max_depth) {
            error_ = {Errc::schema_mismatch, place() + ": deeper than 64 levels"};
            return false;
        }
        if (skip_ > 0) return ++skip_, true;
        if (std::exchange(ignore_next_, false)) return skip_ = 1, true;
        const auto slot = next_value_slot();
        const bool fits = kind == Kind::array
                              ? slot.type->kind == Kind::array
                              : slot.type->kind == Kind::object || slot.type->kind == Kind::choice;
        if (!fits) return fail(Errc::schema_mismatch, expected(*slot.type));
        frames_.push_back({slot.type, slot.target, depth_});
        return true;
    }

    // How many there are, when it is none of them.
    static std::size_t find_field(const Type& type, std::string_view name) {
        const auto is_it = [name](const Field& field) {
            return field.name.size() == name.size() && field.name.front() == name.front() &&
                   field.name == name;
        };
        return static_cast<std::size_t>(std::find_if(type.fields.begin(), type.fields.end(), is_it) -
                                        type.fields.begin());
    }

    bool enter(Frame& frame, std::string_view name) {
        if (const auto i = find_field(*frame.type, name); i < frame.type->fields.size()) {
            const auto& field = frame.type->fields[i];
            frame.key = field.name;
            if ((frame.seen >> i & 1) != 0) return fail(Errc::schema_mismatch, "duplicate key");
            frame.seen |= std::uint64_t{1} << i;
            field_ = {field.type, field.at(frame.target)};
            return true;
        }
        if (unknown_ == UnknownFields::ignore) {
            frame.key = {};
            return ignore_next_ = true;
        }
        frame.key = name.substr(0, max_place_key);
        return fail(Errc::schema_mismatch, "unknown field");
    }

    bool choose(Frame& frame, std::string_view name) {
        if (frame.seen != 0) return fail(Errc::schema_mismatch, "exactly one key expected");
        frame.seen = 1;
        for (const auto& option : frame.type->cases) {
            if (option.name != name) continue;
            frame.key = option.name;
            field_ = {option.type, option.emplace(frame.target)};
            return true;
        }
        frame.key = name.substr(0, max_place_key);
        return fail(Errc::invalid_value, "unknown name");
    }

    std::string place() const {
        std::string out = "$";
        for (const auto& frame : frames_) {
            if (frame.type->kind == Kind::array)
                out += "[" + std::to_string(frame.index > 0 ? frame.index - 1 : 0) + "]";
            else if (!frame.key.empty())
                out.append(".").append(frame.key);
        }
        return out;
    }

    // Ends decoding, unless an entry of a lenient array is what failed: that one is dropped and the rest of
    // it skipped.
    bool fail(Errc code, std::string_view why) {
        for (auto i = frames_.size(); i-- > 0;) {
            if (!frames_[i].type->count_dropped) continue;
            frames_.resize(i + 1);
            auto& list = frames_.back();
            list.type->shrink(list.target);
            list.type->count_dropped(list.target);
            skip_ = depth_ - list.depth;
            return true;
        }
        error_ = {code, place() + ": " + std::string(why)};
        return false;
    }

    Slot root_;
    Slot field_{};
    UnknownFields unknown_;
    std::vector<Frame> frames_;
    std::size_t depth_{};
    std::size_t skip_{};  // open brackets of what is being skipped
    bool ignore_next_{};  // the next value belongs to an unknown field
    Error error_;
};

}  // namespace

Status decode(std::string_view text, const Type& type, void* out, UnknownFields unknown) {
    Decoder decoder(type, out, unknown);
    if (Tokenizer(text, decoder).run()) return {};
    return decoder.take_error();
}

}  // namespace cadenza::json
