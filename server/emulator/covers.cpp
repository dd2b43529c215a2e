#include "server/emulator/covers.hpp"

#include "server/emulator/random.hpp"

#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace cadenza::emulator {
namespace {

struct Colour {
    float r, g, b;
};

constexpr Colour colour(unsigned rgb) {
    return {static_cast<float>(rgb >> 16 & 0xFF), static_cast<float>(rgb >> 8 & 0xFF),
            static_cast<float>(rgb & 0xFF)};
}

using Palette = std::array<Colour, 5>;  // ground first

constexpr std::array<Palette, 14> palettes{{
    {colour(0xF4E9D8), colour(0xD95D39), colour(0x1E3A4C), colour(0xE9A84C), colour(0x7A9E9F)},
    {colour(0x16213E), colour(0xE94560), colour(0xF4D35E), colour(0x0F7173), colour(0xFAF0E6)},
    {colour(0xEDEAE0), colour(0x2F4858), colour(0x86BBD8), colour(0xF26419), colour(0xF6AE2D)},
    {colour(0x2B1D3A), colour(0xF08A5D), colour(0xB83B5E), colour(0x6A2C70), colour(0xF9ED69)},
    {colour(0xDCE7E1), colour(0x23544B), colour(0x6FA287), colour(0xE4B363), colour(0xEF6461)},
    {colour(0xFBE9E7), colour(0x6D2E46), colour(0xA26769), colour(0xD5B9B2), colour(0x2E4057)},
    {colour(0x0B3142), colour(0x0F5257), colour(0x9C92A3), colour(0xC6B9CD), colour(0xF2C57C)},
    {colour(0xF7F3E3), colour(0x6F9283), colour(0x8D9F87), colour(0xCDC6A5), colour(0x4A4063)},
    {colour(0x1B1B1E), colour(0xD8D5DB), colour(0x96031A), colour(0xFAA916), colour(0x373F51)},
    {colour(0xE8F1F2), colour(0x13293D), colour(0x247BA0), colour(0x1B98E0), colour(0xF18F01)},
    {colour(0xFFF1D0), colour(0x086788), colour(0x07A0C3), colour(0xF0C808), colour(0xDD1C1A)},
    {colour(0x3B1F2B), colour(0xDB162F), colour(0xDBDFAC), colour(0x5F758E), colour(0x383961)},
    {colour(0xEAE0D5), colour(0x22333B), colour(0x5E503F), colour(0xC6AC8F), colour(0x9B2226)},
    {colour(0x22223B), colour(0x4A4E69), colour(0x9A8C98), colour(0xC9ADA7), colour(0xF2E9E4)},
}};

float distance(float x, float y, float cx, float cy) { return std::hypot(x - cx, y - cy); }

// Colour numbers at a point of the unit square, by family of composition.
class Composition {
public:
    Composition(Art kind, std::uint64_t seed) : random_(seed), kind_(kind) {
        palette_ = random_.pick(palettes);
        for (std::size_t i = palette_.size() - 1; i > 1; --i)
            std::swap(palette_[i], palette_[1 + random_.below(i)]);
        family_ = random_.below(6);
        cells_ = random_.between(3, 4);
        for (auto& value : noise_) value = static_cast<float>(random_.below(1000)) / 1000.0f;
        for (auto& value : choice_) value = static_cast<unsigned char>(random_.below(64));
    }

    Colour at(float x, float y) const { return palette_[kind_ == Art::artist ? figure(x, y) : shape(x, y)]; }

private:
    std::size_t shape(float x, float y) const {
        switch (family_) {
            case 0: return quarters(x, y);
            case 1: return hills(x, y);
            case 2: return rings(x, y);
            case 3: return stripes(x, y);
            case 4: return moons(x, y);
            default: return tiles(x, y);
        }
    }

    // A grid of quarter circles.
    std::size_t quarters(float x, float y) const {
        const auto n = static_cast<float>(cells_);
        const int column = std::min(cells_ - 1, static_cast<int>(x * n));
        const int row = std::min(cells_ - 1, static_cast<int>(y * n));
        const auto pick = choice_[static_cast<std::size_t>(row * cells_ + column)];
        const float u = x * n - static_cast<float>(column);
        const float v = y * n - static_cast<float>(row);
        const float r = distance(u, v, static_cast<float>(pick & 1), static_cast<float>(pick >> 1 & 1));
        const std::size_t ground = (pick >> 2) % 5;
        const std::size_t ink = (ground + 1 + (pick >> 4)) % 5;
        if (r < 0.45f && (pick & 8) != 0) return (ink + 2) % 5;
        return r < 1.0f ? ink : ground;
    }

    // A sun over rolling bands.
    std::size_t hills(float x, float y) const {
        if (distance(x, y, 0.25f + 0.5f * noise_[0], 0.28f + 0.12f * noise_[1]) < 0.13f + 0.06f * noise_[2] &&
            y < ridge(x, 0))
            return 1;
        for (int i = 3; i >= 0; --i)
            if (y > ridge(x, i)) return static_cast<std::size_t>(1 + (i + 1) % 4);
        return 0;
    }
    float ridge(float x, int i) const {
        const auto k = static_cast<std::size_t>(i);
        return 0.46f + 0.14f * static_cast<float>(i) +
               0.07f * std::sin(6.28f * (x * (0.6f + 0.5f * noise_[k + 3]) + noise_[k + 7]));
    }

    std::size_t rings(float x, float y) const {
        const float r = distance(x, y, 0.5f * noise_[0] + 0.25f, 0.5f * noise_[1] + 0.25f);
        const auto band = static_cast<std::size_t>(r * (7.0f + 4.0f * noise_[2]));
        return band == 0 ? 1 : (band % 2 == 0 ? 0 : 1 + (band / 2 + choice_[0]) % 4);
    }

    std::size_t stripes(float x, float y) const {
        const float angle = noise_[0] * 1.2f - 0.6f;
        const float t = x * std::cos(angle) + y * std::sin(angle);
        const auto band = static_cast<std::size_t>(std::max(0.0f, (t + 0.7f) * 6.0f));
        const bool inside = distance(x, y, 0.5f, 0.5f) < 0.34f;
        const std::size_t base = (choice_[band % 16] + band) % 4;
        return inside ? 1 + (base + 2) % 4 : (band % 2 == 0 ? 0 : 1 + base);
    }

    std::size_t moons(float x, float y) const {
        const float cx = 0.5f;
        const float cy = 0.5f;
        if (distance(x, y, cx, cy) < 0.36f) {
            const float shift = 0.12f + 0.16f * noise_[0];
            return distance(x, y, cx + shift, cy - shift * 0.6f) < 0.32f ? 2 : 1;
        }
        if (std::abs(y - (0.82f + 0.06f * noise_[1])) < 0.018f) return 3;
        return x + y * 0.25f > 0.9f + 0.3f * noise_[2] ? 4 : 0;
    }

    std::size_t tiles(float x, float y) const {
        const int column = std::min(3, static_cast<int>(x * 4.0f));
        const int row = std::min(3, static_cast<int>(y * 4.0f));
        const auto pick = choice_[static_cast<std::size_t>(row * 4 + column)];
        const float u = x * 4.0f - static_cast<float>(column);
        const float v = y * 4.0f - static_cast<float>(row);
        const bool above = (pick & 1) != 0 ? u > v : u + v > 1.0f;
        return above ? (pick >> 1) % 5 : (pick >> 3) % 5;
    }

    // Somebody: head, shoulders, a halo.
    std::size_t figure(float x, float y) const {
        if (distance(x, y, 0.5f, 0.4f) < 0.17f) return 1;
        if (distance(x, (y - 1.06f) * 1.05f, 0.5f, 0.0f) < 0.40f + 0.05f * noise_[0] && y > 0.5f) return 2;
        if (distance(x, y, 0.5f, 0.42f) < 0.33f + 0.05f * noise_[1]) return 3;
        return y > 0.72f + 0.1f * noise_[2] ? 4 : 0;
    }

    Random random_;
    Art kind_;
    Palette palette_{};
    std::size_t family_{};
    int cells_{};
    std::array<float, 12> noise_{};
    std::array<unsigned char, 16> choice_{};
};

void append(png_structp png, png_bytep data, png_size_t size) {
    static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}

std::string encode_png(const std::vector<unsigned char>& rgb, int size) {
    std::string out;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(png, &out, append, nullptr);
    const auto width = static_cast<png_uint_32>(size);
    png_set_IHDR(png, info, width, width, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_filter(png, 0, PNG_FILTER_UP);
    png_write_info(png, info);
    for (int row = 0; row < size; ++row)
        png_write_row(png, rgb.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(size) * 3);
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return out;
}

}  // namespace

std::string render_cover(Art kind, std::string_view id, int size) {
    const Composition composition(kind, seed_of(id));
    constexpr int samples = 3;  // a side: edges are smoothed by averaging
    std::vector<unsigned char> rgb;
    rgb.reserve(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3);
    const float step = 1.0f / static_cast<float>(size * samples);
    for (int row = 0; row < size; ++row) {
        for (int column = 0; column < size; ++column) {
            Colour sum{0, 0, 0};
            for (int i = 0; i < samples * samples; ++i) {
                const int right = column * samples + i % samples;
                const int down = row * samples + i / samples;
                const auto x = (static_cast<float>(right) + 0.5f) * step;
                const auto y = (static_cast<float>(down) + 0.5f) * step;
                const auto one = composition.at(x, y);
                sum = {sum.r + one.r, sum.g + one.g, sum.b + one.b};
            }
            constexpr float all = samples * samples;
            for (const float value : {sum.r / all, sum.g / all, sum.b / all})
                rgb.push_back(static_cast<unsigned char>(std::lround(value)));
        }
    }
    return encode_png(rgb, size);
}

}  // namespace cadenza::emulator
