"""The common emoji by the names that Slack gives them."""

_NAMES = """
tada 🎉|bulb 💡|sparkles ✨|star ⭐|star2 🌟|fire 🔥|rocket 🚀|100 💯|trophy 🏆|medal 🏅
gift 🎁|balloon 🎈|+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|clap 👏|raised_hands 🙌|pray 🙏
wave 👋|muscle 💪|ok_hand 👌|handshake 🤝|point_right 👉|point_left 👈|point_up 👆
point_down 👇|eyes 👀|speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭
mega 📣|loudspeaker 📢|bell 🔔|no_bell 🔕|heart ❤️|blue_heart 💙|green_heart 💚
yellow_heart 💛|purple_heart 💜|orange_heart 🧡|broken_heart 💔|smile 😄|smiley 😃
grinning 😀|grin 😁|joy 😂|wink 😉|blush 😊|slightly_smiling_face 🙂|sunglasses 😎
thinking_face 🤔|neutral_face 😐|cry 😢|sob 😭|disappointed 😞|scream 😱|heart_eyes 😍
star-struck 🤩|partying_face 🥳|sweat_smile 😅|relieved 😌|zzz 💤|robot_face 🤖|ghost 👻
skull 💀|white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌
negative_squared_cross_mark ❎|no_entry ⛔|no_entry_sign 🚫|warning ⚠️
rotating_light 🚨|exclamation ❗|question ❓|grey_question ❔|information_source ℹ️
bangbang ‼️|heavy_plus_sign ➕|heavy_minus_sign ➖|arrow_right ➡️|arrow_left ⬅️
arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_lower_right ↘️
arrows_counterclockwise 🔄|leftwards_arrow_with_hook ↩️|repeat 🔁|hourglass ⌛
hourglass_flowing_sand ⏳|alarm_clock ⏰|stopwatch ⏱️|clock9 🕘|watch ⌚|calendar 📆
date 📅|spiral_calendar_pad 🗓️|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋
page_facing_up 📄|newspaper 📰|books 📚|book 📖|bookmark 🔖|label 🏷️|paperclip 📎
link 🔗|pushpin 📌|round_pushpin 📍|scissors ✂️|file_folder 📁|open_file_folder 📂
card_index 📇|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊
dart 🎯|inbox_tray 📥|outbox_tray 📤|incoming_envelope 📨|envelope ✉️|email 📧
e-mail 📧|mailbox 📫|package 📦|telephone_receiver 📞|phone ☎️|iphone 📱|computer 💻
camera 📷|movie_camera 🎥|microphone 🎤|art 🎨|mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓
key 🔑|shield 🛡️|hammer 🔨|wrench 🔧|gear ⚙️|hammer_and_wrench 🛠️|toolbox 🧰
moneybag 💰|dollar 💵|euro 💶|credit_card 💳|briefcase 💼|office 🏢|factory 🏭|house 🏠
seedling 🌱|herb 🌿|four_leaf_clover 🍀|palm_tree 🌴|sunny ☀️|partly_sunny ⛅|cloud ☁️
umbrella ☔|snowflake ❄️|rainbow 🌈|zap ⚡|earth_africa 🌍|globe_with_meridians 🌐
coffee ☕|pizza 🍕|cake 🍰|birthday 🎂|beers 🍻|champagne 🍾|bust_in_silhouette 👤
busts_in_silhouette 👥|people_holding_hands 🧑‍🤝‍🧑|man 👨|woman 👩|raising_hand 🙋
see_no_evil 🙈|dog 🐶|cat 🐱|bee 🐝|owl 🦉|turtle 🐢|parrot 🦜|compass 🧭|map 🗺️
triangular_flag_on_post 🚩|checkered_flag 🏁|white_flag 🏳️|crown 👑|red_circle 🔴
large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵
white_circle ⚪|black_circle ⚫|large_blue_square 🟦|large_green_square 🟩|red_square 🟥
white_large_square ⬜|small_blue_diamond 🔹|small_orange_diamond 🔸
small_red_triangle 🔺|small_red_triangle_down 🔻|black_small_square ▪️|one 1️⃣
two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣
keycap_ten 🔟|first_place_medal 🥇|second_place_medal 🥈|third_place_medal 🥉|new 🆕
ok 🆗|up 🆙|sos 🆘|free 🆓|soon 🔜|end 🔚|crystal_ball 🔮|satellite 📡
satellite_antenna 📡|stethoscope 🩺|jigsaw 🧩|puzzle_piece 🧩|ear 👂|brain 🧠
writing_hand ✍️
"""

CHARACTERS = dict(
    entry.rsplit(" ", 1) for line in _NAMES.strip().splitlines() for entry in line.split("|")
)


def character(name: str) -> str:
    """The character of an emoji; `:name:` if it is not one of the common ones."""
    return CHARACTERS.get(name, f":{name}:")
