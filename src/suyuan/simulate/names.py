"""Made-up people and places of a city that does not exist.

Account numbers start with 9900 and telephone numbers with 100, which no operator gives to a subscriber.
"""

CITY = "溯源市"
SURNAMES = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任"
)
GIVEN = tuple(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建国志文海燕春梅小云成龙雪晨宇佳欣浩然子涵思远雨泽嘉怡"
)
COUNTIES = ("清源区", "云溪县", "石桥县", "柳河县")
TOWNS = (
    ("城东", "城西", "东岭", "白塔"),
    ("云溪", "青石", "双河", "枫林"),
    ("石桥", "永安", "大坪", "凤山"),
    ("柳河", "太平", "南湾", "高岭"),
)
SITES = (
    ("urban", "urban", "rural", "rural"),
    ("urban", "rural", "rural", "remote"),
    ("urban", "rural", "rural", "remote"),
    ("urban", "rural", "rural", "remote"),
)
STREETS = ("人民路", "建设街", "新华路", "解放路", "和平街", "朝阳路", "滨河路", "文化街", "幸福路", "光明街")
ESTATES = ("锦绣花园", "阳光小区", "翠湖苑", "金桂家园", "安居小区", "丽景新村", "福满园", "东方名居")
VILLAGES = (
    "前进村",
    "上湾村",
    "杨树村",
    "石门村",
    "黄土坡村",
    "桃花村",
    "柿子沟村",
    "河口村",
    "新民村",
    "大榆村",
)
INDUSTRIES = ("食品加工厂", "五金厂", "粮油店", "养殖场", "木材加工厂", "超市", "饭店", "水泥制品厂")
FEEDER_WORDS = ("清", "云", "石", "柳", "东", "西", "南", "北", "龙", "凤", "泉", "岭")
